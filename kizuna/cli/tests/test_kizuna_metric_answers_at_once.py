"""``kizuna metric`` after a publish and without a worker: JSON as promised, a table, and refusals that help."""

import json
from datetime import UTC, datetime

import pytest
from django.db import transaction

from kizuna.cli.main import main
from kizuna.facts.catalogue import SurveyAnswered
from kizuna.facts.outbox.operations import publish

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = datetime(2026, 1, 10, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _three_answers() -> None:
    facts = [
        SurveyAnswered(occurred_at=MOMENT, person_id=None, touchpoint="delivery", answer_id=number, instrument="nps",
                       score=score)
        for number, score in enumerate([10.0, 9.0, 0.0], start=1)
    ]  # fmt: skip
    with transaction.atomic():
        publish(facts=facts, now=MOMENT, wake=False)


def test_json_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "nps", "--by", "touchpoint,month", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["group"] == {"touchpoint": "delivery", "month": "2026-01"}
    assert set(row) == {"group", "value", "low", "high", "level", "n", "unit", "method", "as_of"}
    assert (round(row["value"], 4), row["n"], row["unit"], row["level"]) == (33.3333, 3, "points", 0.95)


def test_the_last_day_is_counted_and_an_empty_period_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "nps", "--from", "2026-01-10", "--to", "2026-01-10", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["n"] == 3
    assert main(["metric", "nps", "--to", "2026-01-09", "--json"]) == 0
    missing = {"reason": "no_data", "have": 0, "need": 1}
    assert json.loads(capsys.readouterr().out) == [{"group": {}, "not_enough": missing}]


def test_a_touchpoint_may_be_named_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "nps", "--where", "touchpoint=配送", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["n"] == 3


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", ["配送・受け取り", "95％区間"]), ("en", ["Delivery", "95 % interval"])]
)
def test_a_table_in_both_languages(capsys: pytest.CaptureFixture[str], lang: str, words: list[str]) -> None:
    assert main(["metric", "nps", "--by", "touchpoint", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert "+33.3" in shown
    assert all(word in shown for word in words)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["npss"], "nps, top_two_box_1to10, csat"),
        (["nps", "--by", "planet"], "touchpoint, channel, store"),
        (["nps", "--where", "planet=mars"], "touchpoint, channel, store"),
        (["nps", "--where", "store"], "--where store=shibuya"),
        (["nps", "--from", "tomorrow"], "2026-01-31"),
        (["nps", "--where", "month=2026-1"], "2026-01"),
        (["nps", "--from", "2026-02-10", "--to", "2026-02-09"], "ends (2026-02-09) before it begins (2026-02-10)"),
        (["nps", "--from", "2026-02-10", "--to", "2025-01-01"], "ends (2025-01-01) before it begins"),
    ],
)
def test_a_slip_is_told_with_the_choices(capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str) -> None:
    assert main(["metric", *arguments]) == 2
    assert hint in capsys.readouterr().err


def test_the_list_of_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "--json"]) == 0
    listed = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    promised = ["nps", "csat", "ces", "repeat_rate", "f2_conversion", "purchase_interval", "sales", "top20_share"]
    assert set(promised) <= set(listed)
    assert {"unit", "definition"} <= set(listed["nps"])
    assert (listed["nps"]["unit"], listed["csat"]["unit"]) == ("points", "share")


def test_the_calendars_last_day_is_a_day_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "nps", "--from", "0001-01-01", "--to", "9999-12-31", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["n"] == 3
