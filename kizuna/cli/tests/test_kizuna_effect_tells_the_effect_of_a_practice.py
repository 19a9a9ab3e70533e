import json

import pytest

from kizuna.cli import effect
from kizuna.cli.main import main
from kizuna.prove.trials.models import Look, Plan
from kizuna.prove.trials.tests.world import NOW, PRACTICE, practice, shop, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect, "present", lambda: NOW)


def test_json_has_everything_a_program_needs(capsys: pytest.CaptureFixture[str]) -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    assert main(["effect", PRACTICE, "repeat_rate", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(arm["name"], arm["n"], arm["mean"]) for arm in found["arms"]] == [("holdout", 200, 0.2), ("a", 200, 0.45)]
    assert {"value", "low", "high", "p", "method"} <= found["effect"].keys()
    assert found["effect"]["value"] == pytest.approx(0.25)
    assert found["lift"]["value"] == pytest.approx(1.25)
    assert (found["verdict"], found["grade"], found["srm_p"]) == ("works", 3, 1.0)
    assert Look.objects.count() == 1


def test_people_read_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    practice()
    tell(*shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40))
    assert main(["effect", PRACTICE, "--lang", "ja"]) == 0
    assert "効果あり" in capsys.readouterr().out
    assert main(["effect", PRACTICE, "--lang", "en", "--segment", "new"]) == 0
    assert "Not known yet" in capsys.readouterr().out


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_practice_without_anybody_is_refused_by_its_title(
    form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    practice()
    assert main(["effect", PRACTICE, "nps", *form]) == 2
    told = capsys.readouterr()
    assert (told.out, "「お礼の手紙」の対象になったお客様がまだいない" in told.err) == ("", True)
    assert PRACTICE not in told.err


def test_a_name_that_no_practice_has_is_not_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effect", "nothing", "nps"]) == 2
    assert "接客方法「nothing」は見つかりません" in capsys.readouterr().err


def test_the_end_is_planned(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trial-plan", PRACTICE, "--ends", "2099-12-31", "--people", "500"]) == 0
    assert Plan.objects.get(practice=PRACTICE).people_planned == 500
    assert main(["trial-plan", PRACTICE, "--ends", "いつか"]) == 2
    assert "日付" in capsys.readouterr().err


def test_stores_that_began_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["effect-stores", "greeting", "csat5", "--stores", "a,b", "--since", "2026-01-05"]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["grade"], found["verdict"], found["left_out_stores"]) == (2, "unclear", ["a", "b"])
