import pytest

from kizuna.act.practices.operations import MetricUnknown
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.tests.world import NOW, answer, day, order, practice, tell
from kizuna.stats.planning import days_needed, power_mean, power_nps, power_share
from kizuna.stats.skew import skewness_of, welch_holds
from kizuna.understand.metrics.queries.planning import ONE_ARM, PLANNED_LOOKS, Feasible, people_needed, power
from kizuna.understand.metrics.queries.windows import WindowAsk, past_sums

pytestmark = pytest.mark.django_db
REACHED = [(person, day(29)) for person in range(1, 401)]


def _power(*, metric: str, control_share: float, planned_end: bool = True) -> Feasible:
    past = past_sums(ask=WindowAsk(metric=metric, window_days=30), reached=REACHED, now=NOW)
    return power(past=past, drawn_per_day=20.0, control_share=control_share, planned_end=planned_end)


def test_a_share_by_this_shops_own_customers() -> None:
    facts: list[Fact] = [order(person, 5) for person in range(1, 401)]
    facts += [order(person, 40) for person in range(1, 101)]
    tell(*facts, order(900_000, 59))  # orders are known until day 59: the last window is day 29 to 59
    found = _power(metric="repeat_rate", control_share=0.1)
    needed = power_share(control=0.25, treated=0.27, hold_out_share=0.1, looks=PLANNED_LOOKS)
    days = days_needed(needed=needed, per_day=20, hold_out_share=0.1, window_days=30)
    assert found == Feasible(smallest=0.02, needed=needed, days=days)


def test_without_a_planned_end_the_same_question_takes_longer() -> None:
    tell(*(order(person, at) for person in range(1, 401) for at in (5, 40)[: 1 + (person <= 100)]), order(900_000, 59))
    with_end = _power(metric="repeat_rate", control_share=0.1)
    without = _power(metric="repeat_rate", control_share=0.1, planned_end=False)
    assert with_end.days is not None
    assert without.days is not None
    assert without.days > 1.4 * with_end.days


def test_answers_count_only_as_far_as_they_come() -> None:
    facts: list[Fact] = [order(person, 5) for person in range(1, 401)]
    facts += [answer(person, 45, 10 if person <= 40 else 8 if person <= 60 else 3) for person in range(1, 101)]
    tell(*facts, order(900_000, 59))
    found = _power(metric="nps", control_share=0.5)
    needed = power_nps(change=5.0, promoter_share=0.4, detractor_share=0.4, hold_out_share=0.5, looks=PLANNED_LOOKS)
    days = days_needed(needed=needed, per_day=5, hold_out_share=0.5, window_days=30)
    assert found == Feasible(smallest=5.0, needed=needed, days=days)


def test_customers_whom_the_metric_does_not_ask_bring_nothing() -> None:
    facts: list[Fact] = [order(person, 5) for person in range(1, 401)]
    facts += [order(person, 6) for person in range(1, 201)]  # half of them have had their second order
    facts += [order(person, 40) for person in range(301, 401)]
    tell(*facts, order(900_000, 59))
    found = _power(metric="f2_conversion", control_share=0.5)
    needed = power_share(control=0.5, treated=0.52, hold_out_share=0.5, looks=PLANNED_LOOKS)
    days = days_needed(needed=needed, per_day=10, hold_out_share=0.5, window_days=30)
    assert found == Feasible(smallest=0.02, needed=needed, days=days)


def test_those_whose_window_is_not_over_tell_nothing_yet() -> None:
    tell(*(order(person, 5) for person in range(1, 401)), order(900_000, 59))
    late = [(person, day(45)) for person in range(1, 101)]
    found = past_sums(ask=WindowAsk(metric="repeat_rate", window_days=30), reached=[*REACHED, *late], now=NOW)
    assert (found.arms[ONE_ARM].counted, found.assigned, found.immature) == (400, 500, 100)


def test_lopsided_yen_ask_for_as_many_held_out_as_their_test_needs() -> None:
    tell(*(order(person, 5) for person in range(1, 401)), order(900_000, 59))
    tell(*(order(person, 40, yen=1000 if person % 50 else 60_000) for person in range(1, 201)))
    found = past_sums(ask=WindowAsk(metric="sales", window_days=30), reached=REACHED, now=NOW)
    sums = found.arms[ONE_ARM]
    mean = sums.moments.sum_y / sums.moments.n
    needed = people_needed(reading=found.reading, control=sums, smallest=mean, control_share=0.1, planned_end=True)
    assert needed is not None
    lopsided = skewness_of(moments=sums.moments)
    assert lopsided > 5.0
    assert welch_holds(n_control=needed.control, n_treated=needed.treated, skewness=lopsided)
    spread = (sums.moments.sum_yy / sums.moments.n - mean * mean) ** 0.5
    blind = power_mean(change=mean, deviation=spread, hold_out_share=0.1, looks=PLANNED_LOOKS)
    assert not welch_holds(n_control=blind.control, n_treated=blind.treated, skewness=lopsided)


def test_a_shop_without_orders_is_told_nothing() -> None:
    assert _power(metric="sales", control_share=0.1) == Feasible(smallest=None, needed=None, days=None)


def test_a_goal_that_no_window_can_show_is_refused_at_the_door() -> None:
    with pytest.raises(MetricUnknown, match="top20_share"):
        practice(goals=[("top20_share", 30), ("repeat_rate", 30)])
