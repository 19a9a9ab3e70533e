import math

import pytest

from kizuna.errors import Invalid
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.rules import InstrumentUnknown, ScoreNotWhole, ScoreOutOfScale
from kizuna.listen.surveys.tests.records import answer, published, record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("instrument", "low", "high"),
    [("nps", 0, 10), ("nps1to10", 1, 10), ("csat5", 1, 5), ("csat7", 1, 7), ("ces7", 1, 7), ("ces5", 1, 5)],
)
def test_a_score_outside_its_scale_is_refused_with_the_scale(instrument: str, low: int, high: int) -> None:
    outcomes = record(
        answer("below", instrument=instrument, score=low - 1),
        answer("low", instrument=instrument, score=low),
        answer("high", instrument=instrument.upper(), score=high),
        answer("above", instrument=instrument, score=high + 1),
        answer("nan", instrument=instrument, score=math.nan),
    )

    assert outcomes[1:3] == ["created", "created"]
    for refusal in (outcomes[0], outcomes[3], outcomes[4]):
        assert isinstance(refusal, ScoreOutOfScale)
        assert (refusal.low, refusal.high) == (low, high)
    assert {(row.instrument, row.score) for row in Answer.objects.all()} == {(instrument, low), (instrument, high)}
    assert len(published("SurveyAnswered")) == 2


def test_half_a_point_on_nps_is_refused() -> None:
    assert isinstance(record(answer(score=8.5))[0], ScoreNotWhole)


def test_an_unknown_instrument_is_refused() -> None:
    for name in ("stars", "own:", "own:  ", "", "own:\x00", "own:\ud800", "own:" + "長" * 77):
        assert isinstance(record(answer(instrument=name))[0], InstrumentUnknown), name


def test_codes_the_database_cannot_hold_are_refused_and_the_rest_is_recorded() -> None:
    outcomes = record(
        answer("ok"),
        answer("x" * 201),
        answer(""),
        answer("nul", store="銀座\x00店"),
        answer("long", touchpoint="と" * 61),
        answer("y" * 201),
        answer("bad\x00id"),
        answer("text", comment="届いた\x00\ud800箱"),
    )

    assert outcomes[0] == outcomes[7] == "created"
    assert all(isinstance(outcome, Invalid) for outcome in outcomes[1:7])
    assert Answer.objects.get(external_id="text").comment == "届いた?箱"
