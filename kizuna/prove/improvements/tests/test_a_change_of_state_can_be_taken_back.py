from datetime import timedelta

import pytest

from kizuna.clock import JST
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import unpack
from kizuna.prove.improvements.operations import move, undo_move
from kizuna.prove.improvements.queries import improvement, moves_of
from kizuna.prove.improvements.rules import BadMove, ImprovementIncomplete, NothingToUndo
from kizuna.prove.improvements.tests.shop import ACTOR, NOW, wanted

pytestmark = pytest.mark.django_db
TODAY = NOW.astimezone(JST).date()


def published(kind: str) -> list[int]:
    rows = OutboxEntry.objects.filter(fact_type=kind).order_by("id")
    return [number for row in rows for number in unpack(payload=bytes(row.payload))["revision"]]


def test_done_has_its_day_and_undoing_brings_back_what_was() -> None:
    number = wanted()
    move(improvement_id=number, state="started", actor=ACTOR, now=NOW)
    move(improvement_id=number, state="done", done_on=TODAY - timedelta(days=3), actor=ACTOR, now=NOW)
    card = improvement(improvement_id=number)
    assert (card.state, card.done_on) == ("done", TODAY - timedelta(days=3))
    assert undo_move(improvement_id=number, now=NOW) == "started"
    assert improvement(improvement_id=number).done_on is None
    assert undo_move(improvement_id=number, now=NOW) == "candidate"
    with pytest.raises(NothingToUndo):
        undo_move(improvement_id=number, now=NOW)
    assert all(one.undone_at for one in moves_of(improvement_id=number))


def test_doing_and_undoing_are_facts_of_one_thing_in_order() -> None:
    number = wanted(stores=("honten",))
    move(improvement_id=number, state="done", actor=ACTOR, now=NOW)
    undo_move(improvement_id=number, now=NOW)
    move(improvement_id=number, state="done", actor=ACTOR, now=NOW)
    assert published("ImprovementDone") == [1, 3]
    assert published("ImprovementReopened") == [2]


def test_what_is_done_is_left_by_taking_it_back_only() -> None:
    number = wanted()
    move(improvement_id=number, state="done", actor=ACTOR, now=NOW)
    with pytest.raises(BadMove) as refused:
        move(improvement_id=number, state="candidate", actor=ACTOR, now=NOW)
    assert "完了" in refused.value.words.ja


def test_nothing_is_done_tomorrow() -> None:
    with pytest.raises(ImprovementIncomplete):
        move(improvement_id=wanted(), state="done", done_on=TODAY + timedelta(days=1), actor=ACTOR, now=NOW)
