import pytest

from kizuna.act.practices.operations import MetricUnknown
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import power
from kizuna.prove.trials.rules.worth import PLANNED_LOOKS
from kizuna.prove.trials.tests.world import NOW, answer, order, practice, tell
from kizuna.stats.planning import days_needed, power_nps, power_share

pytestmark = pytest.mark.django_db


def test_a_share_by_this_shops_own_customers() -> None:
    facts: list[Fact] = [order(person, 5) for person in range(1, 401)]
    facts += [order(person, 40) for person in range(1, 101)]
    tell(*facts, order(900_000, 59))  # orders are known until day 59: the last window is day 29 to 59
    found = power(metric="repeat_rate", eligible_per_day=20, holdout_share=0.1, window_days=30, now=NOW)
    needed = power_share(control=0.25, treated=0.27, hold_out_share=0.1, looks=PLANNED_LOOKS)
    assert found.needed == needed
    assert found.days == days_needed(needed=needed, per_day=20, hold_out_share=0.1, window_days=30)
    assert (found.smallest, found.counted_share) == (0.02, 1.0)


def test_answers_count_only_as_far_as_they_come() -> None:
    facts: list[Fact] = [order(person, 5) for person in range(1, 401)]
    facts += [answer(person, 45, 10 if person <= 40 else 8 if person <= 60 else 3) for person in range(1, 101)]
    tell(*facts, order(900_000, 59))
    found = power(metric="nps", eligible_per_day=20, holdout_share=0.5, window_days=30, now=NOW)
    needed = power_nps(change=5.0, promoter_share=0.4, detractor_share=0.4, hold_out_share=0.5, looks=PLANNED_LOOKS)
    assert found.needed == needed
    assert found.counted_share == 0.25
    assert found.days == days_needed(needed=needed, per_day=5, hold_out_share=0.5, window_days=30)


def test_a_shop_without_orders_is_told_nothing() -> None:
    found = power(metric="sales", eligible_per_day=20, holdout_share=0.1, window_days=30, now=NOW)
    assert (found.needed, found.days) == (None, None)


def test_a_goal_that_no_window_can_show_is_refused_at_the_door() -> None:
    with pytest.raises(MetricUnknown, match="top20_share"):
        practice(goals=[("top20_share", 30), ("repeat_rate", 30)])
