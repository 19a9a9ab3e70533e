from datetime import UTC, date, datetime

import pytest

from kizuna.prove.goals.models import Goal
from kizuna.prove.goals.operations import close_goal, edit_goal, reopen_goal, set_goal
from kizuna.prove.goals.queries import goal as goal_card
from kizuna.prove.goals.queries import outlooks
from kizuna.prove.goals.rules import GoalClosed, GoalIncomplete, GoalOpen
from kizuna.prove.goals.tests.world import DUE, NOW, goal, months, told
from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.rules.dims import UnknownDim

pytestmark = pytest.mark.django_db
YEAR = [55, 60, 58, 62, 57, 60, 61, 59, 60, 58, 62, 60]
AFTER = datetime(2027, 1, 5, 3, 0, tzinfo=UTC)


def test_the_start_is_the_last_whole_quarter_of_that_store_with_its_interval() -> None:
    told(*months("nagoya", YEAR), *months("kyoto", [90] * 12))
    number = set_goal(draft=goal(), actor="test", now=NOW)
    (same,) = measure(
        metric="nps",
        date_from=date(2026, 4, 1),
        date_to=date(2026, 7, 1),
        where={"store": "nagoya"},
        now=NOW,
    )
    start = goal_card(goal_id=number).start
    assert start is not None
    assert start == (same.result.value, same.result.low, same.result.high, 300)  # type: ignore[union-attr]
    assert start[0] == pytest.approx(20.0)
    edit_goal(goal_id=number, draft=goal(target=35.0), actor="test", now=AFTER)
    assert goal_card(goal_id=number).start == start  # moving the target moves no start


def test_the_due_month_decides_and_its_interval_is_kept() -> None:
    told(*months("nagoya", [*YEAR, 62, 66, 68, 70, 72, 75], last=DUE), now=AFTER)
    number = set_goal(draft=goal(), actor="test", now=NOW)
    closing = close_goal(goal_id=number, note="よくやりました", actor="test", now=AFTER)
    assert (closing.state, closing.month, closing.certain) == ("reached", DUE, False)
    card = goal_card(goal_id=number)
    assert card.closed is not None
    assert card.closed[0] == pytest.approx(50.0)
    assert card.closed[1] < 40.0 < card.closed[0]  # reached, and not beyond doubt
    with pytest.raises(GoalClosed):
        close_goal(goal_id=number, actor="test", now=AFTER)
    reopen_goal(goal_id=number, actor="test", now=AFTER)
    assert goal_card(goal_id=number).closed is None
    with pytest.raises(GoalOpen):
        reopen_goal(goal_id=number, actor="test", now=AFTER)


def test_short_of_the_target_is_not_reached_and_dropping_is_neither() -> None:
    told(*months("nagoya", YEAR))
    missed, dropped = (set_goal(draft=goal(), actor="test", now=NOW) for _ in range(2))
    assert close_goal(goal_id=missed, actor="test", now=NOW).state == "missed"
    assert close_goal(goal_id=dropped, drop=True, actor="test", now=NOW).state == "dropped"


def test_a_goal_for_less_is_reached_from_above() -> None:
    told(*months("nagoya", YEAR))
    number = set_goal(draft=goal(metric="nps", target=90.0), actor="test", now=NOW)
    (found,) = outlooks(drafts=[goal(target=90.0)], starts=[20.0], now=NOW)
    assert found.chance is not None
    assert found.chance < 0.01
    assert Goal.objects.get(pk=number).target == 90.0


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"title": " "}, GoalIncomplete),
        ({"level": "planet"}, GoalIncomplete),
        ({"due_month": date(2026, 12, 5)}, GoalIncomplete),
        ({"target": 120.0}, GoalIncomplete),
        ({"metric": "top20_share"}, GoalIncomplete),
        ({"metric": "sales", "touchpoint": "delivery"}, UnknownDim),
    ],
)
def test_what_cannot_be_judged_is_refused(more: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        set_goal(draft=goal(**more), actor="test", now=NOW)


def test_without_any_record_nothing_is_judged() -> None:
    number = set_goal(draft=goal(), actor="test", now=NOW)
    assert goal_card(goal_id=number).start is None
    with pytest.raises(GoalIncomplete):
        close_goal(goal_id=number, actor="test", now=NOW)
