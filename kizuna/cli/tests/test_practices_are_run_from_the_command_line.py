import json
from typing import Any

import pytest

from kizuna.act.practices.operations import create_practice
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Wait
from kizuna.cli.main import main
from kizuna.customers.staff.queries import present
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
