import pytest

from kizuna.listen.surveys.models import Answer, OwnInstrument
from kizuna.listen.surveys.operations import ScaleInUse, confirm_scale
from kizuna.listen.surveys.queries import own_instruments
from kizuna.listen.surveys.rules import ScoreOutOfScale
from kizuna.listen.surveys.tests.records import answer, record
from kizuna.words import Words

pytestmark = pytest.mark.django_db
TITLE = Words(ja="スタッフの応対", en="Staff")
NONE = Words(ja="", en="")


def confirm(low: int, high: int) -> None:
    confirm_scale(name="staff", low=low, high=high, title=TITLE, low_label=NONE, high_label=NONE)


def own(external_id: str, score: float) -> object:
    return record(answer(external_id, instrument="own:staff", score=score))[0]


def test_an_own_criterion_keeps_its_scores_until_its_scale_is_confirmed() -> None:
    assert own("a1", 4) == "created"
    assert [(card.low, card.high, card.confirmed) for card in own_instruments()] == [(1, 5, False)]
    assert own("a2", 7) == "created"
    assert own("a3", 0) == "created"
    assert [(card.low, card.high, card.answers) for card in own_instruments()] == [(0, 10, 3)]
    assert sorted(Answer.objects.values_list("score", flat=True)) == [0, 4, 7]

    with pytest.raises(ScaleInUse) as refused:
        confirm(1, 5)
    assert refused.value.outside == 2
    confirm(0, 10)

    outcome = own("a4", 11)
    assert isinstance(outcome, ScoreOutOfScale)
    assert (outcome.low, outcome.high) == (0, 10)
    assert own("a5", 7.5) == "created"
    assert OwnInstrument.objects.get().high == 10


def test_a_score_no_usual_scale_has_is_refused_at_once() -> None:
    outcome = own("a1", 5000)
    assert isinstance(outcome, ScoreOutOfScale)
    assert (outcome.low, outcome.high) == (0, 100)
