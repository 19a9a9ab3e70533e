"""A wait for an open would always time out in a shop that tracks none: the editor and the start say so."""

import pytest

from kizuna.act.outreach.models import Sender
from kizuna.act.practices.operations import start
from kizuna.act.practices.queries import practice
from kizuna.act.practices.rules.check import FlowRefused
from kizuna.act.practices.rules.flow import Wait
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, begin, named_sender, thanks

OFF = "開封の記録がオフ"


def test_it_cannot_start_and_the_editor_tells_why(shop: Shop, sign_in: SignIn) -> None:
    steps = dict(thanks().nodes) | {"rest": Wait(until_fact="opened", timeout_days=3, next="thank")}
    with pytest.raises(FlowRefused) as refused:
        begin(shop, thanks(nodes=steps))
    assert [(one.node, OFF in one.words.ja) for one in refused.value.problems] == [("rest", True)]
    owner = sign_in("owner")
    assert OFF in owner.get("/practices/thank-you/edit/").content.decode()
    named_sender(shop)
    Sender.objects.update(tracks_opens=True)
    assert OFF not in owner.get("/practices/thank-you/edit/").content.decode()
    start(practice="thank-you", actor="test", now=shop.now)
    assert practice(name="thank-you").card.state == "running"
