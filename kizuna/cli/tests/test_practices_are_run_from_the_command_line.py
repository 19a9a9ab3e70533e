import json
from typing import Any

import pytest

from kizuna.act.offers.models import Offer, Slice
from kizuna.act.offers.operations import ensure_offer
from kizuna.act.outreach.operations import save_template
from kizuna.act.outreach.operations.templates import publish_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import create_practice
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Node, Send, Wait
from kizuna.act.practices.rules.reasons import kept
from kizuna.act.practices.tests.shop import Shop, begin, thanks
from kizuna.cli.main import main
from kizuna.customers.staff.queries import present
from kizuna.errors import Invalid
from kizuna.facts.outbox.models import Checkup
from kizuna.loop import PROMISES
from kizuna.words import Words

pytestmark = pytest.mark.django_db


def _ask(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_its_life_from_start_to_end(capsys: pytest.CaptureFixture[str]) -> None:
    flow = Flow(
        trigger=FactTrigger(fact="delivered"),
        arms=(Arm(name="mail", first="rest"),),
        nodes={"rest": Wait(days=3, next="end"), "end": End()},
        goal=Goal(metric="repeat_rate"),
    )
    title = Words(ja="お礼", en="Thanks")
    create_practice(name="thanks", title=title, flow=flow, actor="test", now=present())
    (card,) = _ask(capsys, "practice", "list")
    assert (card["name"], card["state"]) == ("thanks", "draft")
    for verb, state in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("end", "ended")):
        shown = _ask(capsys, "practice", verb, "thanks")
        assert shown["state"] == state
    assert shown["flow"]["nodes"]["rest"] == {"type": "wait", "next": "end", "days": 3}
    assert main(["practice", "show", "thanks"]) == 0
    assert "お礼" in capsys.readouterr().out


def test_a_shop_in_order_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert _ask(capsys, "practice", "check") == []
    assert main(["practice", "check"]) == 0


def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "start", "nothing"]) == 2
    assert "見つかりません" in capsys.readouterr().err


def test_who_is_stuck_is_named_with_the_reason_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop()
    shop.template()
    begin(shop, thanks())
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    why = Words(ja="この文面は使えません。", en="This wording cannot be used.")
    Enrolment.objects.update(state="stuck", reason=kept(refusal=Invalid(why)))
    (stuck,) = _ask(capsys, "practice", "show", "thank-you")["stuck_people"]
    assert stuck["reason"] == {"code": "invalid", "ja": why.ja, "en": why.en}
    for language in ("ja", "en"):
        assert main(["practice", "show", "thank-you", "--lang", language]) == 0
        told = capsys.readouterr().out
        assert (why.ja in told, why.en in told) == (language == "ja", language == "en")


def test_the_check_asks_all_that_the_worker_asks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "check"]) == 0
    told = capsys.readouterr().out
    assert [rule for rule in PROMISES if rule not in told] == []
    shop = Shop()
    shop.template()
    trigger = FactTrigger(fact="answered", instrument="nps", score_min=9)
    nodes: dict[str, Node] = {"thank": Send(template="thanks", next="end"), "end": End()}
    begin(shop, thanks(trigger=trigger, nodes=nodes, first="thank"))
    _let_it_ask_for_a_review(shop)
    title = Words(ja="次回500円引き", en="500 yen off")
    ensure_offer(name="next500", title=title, kind="amount", value=500, valid_days=30, total_limit=10, now=shop.now)
    Slice.objects.filter(offer=Offer.objects.get(), uses_limit__gte=1).update(uses_taken=1)
    assert main(["practice", "check", "--json"]) == 1
    assert {one["rule"] for one in json.loads(capsys.readouterr().out)} == {"LAW", "L11"}
    assert main(["practice", "check"]) == 1
    assert "LAW ×1: " in capsys.readouterr().out
    assert not Checkup.objects.exists()  # the worker's own round, and what the pages tell of it, stay as they are


def _let_it_ask_for_a_review(shop: Shop) -> None:
    """After the practice has begun its letter comes to ask for a public review, of the happy alone."""
    body = Body(channel="mail", language="ja", subject="お礼", body="商品のレビューをお寄せいただけますと幸いです。")
    title = Words(ja="お礼", en="Thanks")
    save_template(name="thanks", title=title, purpose="service", bodies=[body], actor="test", now=shop.now)
    publish_template(name="thanks", actor="test", now=shop.now)
