import json

import pytest

from kizuna.cli import compare
from kizuna.cli.main import main
from kizuna.prove.trials.tests.discounts import shop
from kizuna.prove.trials.tests.world import NOW, tell

pytestmark = pytest.mark.django_db
ASKED = ["effect-weighted", "discount", "repeat_rate", "--days", "30", "--from", "2026-01-08"]


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "present", lambda: NOW)
    tell(*shop())


def test_json_holds_both_differences_and_the_balance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["difference"]["value"] == pytest.approx(0.15, abs=0.02)
    assert found["effect"]["value"] == pytest.approx(0.0, abs=0.02)
    assert (found["grade"], found["verdict"], found["compared"]) == (1, "unclear", 600)
    assert found["balance"]["orders_so_far"]["before"] > 0.8 > 0.1 > abs(found["balance"]["orders_so_far"]["after"])


def test_people_read_it_and_learn_what_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--to", "2026-01-30", "--lang", "ja"]) == 0
    told = capsys.readouterr().out
    assert "★1" in told
    assert "似たお客様どうしの差" in told
    assert "効果あり" not in told
    assert main(["effect-weighted", "--lang", "en"]) == 0
    assert "Ordered with a discount or coupon" in capsys.readouterr().out
    assert main(["effect-weighted", "--json"]) == 0
    assert [one["group"] for one in json.loads(capsys.readouterr().out)["groups"]] == ["discount"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nothing"], "お客様の分け方はありません"),
        (["discount", "nps"], "この比較には使えません"),
        (["discount", "repeat_rate", "--days", "0"], "1日から"),
        (["discount", "repeat_rate", "--from", "いつか"], "日付"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effect-weighted", *arguments]) == 2
    assert why in capsys.readouterr().err
