"""When several practices want to write to one customer and the cap lets two through, the rank in the form decides."""

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.act.outreach.models import Message
from kizuna.act.practices.operations import adopt_ready
from kizuna.act.practices.queries import practice
from kizuna.act.practices.rules.flow import End, Node, Send
from kizuna.act.practices.rules.shelf import shelf
from kizuna.act.practices.tests.browser_form import Editor
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, agree, begin, named_sender, sent, thanks


@pytest.fixture
def owner(shop: Shop, sign_in: SignIn) -> Client:
    del shop
    return sign_in("owner")


def _editor(owner: Client, name: str) -> Editor:
    return Editor(client=owner, path=reverse("practices:edit", args=[name]))


def test_the_rank_of_the_form_is_the_order_of_the_gate(shop: Shop, owner: Client) -> None:
    named_sender(shop)
    for name in ("ad1", "ad2", "ad3"):
        shop.template(name, "marketing")
        nodes: dict[str, Node] = {"go": Send(template=name, next="end"), "end": End()}
        begin(shop, thanks(nodes=nodes, first="go"), name=name)
    for name, rank in (("ad3", "９"), ("ad2", "5")):
        editor = _editor(owner, name)
        editor.fill({"priority": rank})
        assert editor.press("save") == 302
    assert [practice(name=name).card.priority for name in ("ad1", "ad2", "ad3")] == [0, 5, 9]
    assert practice(name="ad3").card.version == 1  # a rank is no new version
    shop.order("1", "aoi", delivered_at=shop.now)
    agree(shop, shop.person("1"))
    shop.react()
    shop.step()
    assert sent(shop) == ["ad3", "ad2"]
    assert Message.objects.get(template="ad1").state == "planned"


def test_a_new_practice_is_given_its_rank_and_the_form_shows_it(owner: Client) -> None:
    editor = Editor(client=owner, path=reverse("practices:new"))
    assert editor.fields["priority"] == ["0"]
    assert "重なったときの優先度" in editor.page
    for wrong in ("10", "-1", "2.5", "高"):
        editor.fill({"priority": wrong, "title_ja": "お礼", "name": "p", "step:s2:template": "thanks"})
        assert editor.press("save") == 422
        assert "優先度は0～9の整数にしてください。" in editor.page
        assert editor.fields["priority"] == [wrong]
    editor.fill({"priority": "4"})
    assert editor.press("save") == 302
    assert practice(name="p").card.priority == 4
    assert _editor(owner, "p").fields["priority"] == ["4"]


def test_what_cannot_wait_ranks_first_on_the_shelf(shop: Shop) -> None:
    ranks = {one.name: one.priority for one in shelf()}
    assert {name for name, rank in ranks.items() if rank == 9} == {"late_delivery_apology", "detractor_recovery"}
    assert ranks["birthday_perk"] == max(rank for rank in ranks.values() if rank < 9)
    adopt_ready(name="birthday_perk", language="ja", actor="test", now=shop.now)
    assert practice(name="birthday_perk").card.priority == ranks["birthday_perk"] > 0
