from kizuna.cli.demo.company import NOTHING_PLANTED, Plan
from kizuna.cli.demo.generate import make_months
from kizuna.cli.demo.tests.conftest import TODAY, nps_of, share_of
from kizuna.stats.compare import Difference, difference_nps, difference_share


def test_a_company_with_nothing_planted_shows_no_fall_and_no_rise() -> None:
    """The truths come from the planted numbers alone: with zeros in their place the same tests find nothing."""
    months = list(make_months(plan=Plan(today=TODAY, customers=12_000, truths=NOTHING_PLANTED)))
    before, after = months[-6:-3], months[-3:]
    fall = difference_nps(
        before=nps_of(before, lambda a: a.touchpoint == "store" and a.store == "nagoya"),
        after=nps_of(after, lambda a: a.touchpoint == "store" and a.store == "nagoya"),
    )
    rise = difference_share(
        before=share_of(months[-2:-1], "ces7", 5, lambda a: a.touchpoint == "purchase"),
        after=share_of(months[-1:], "ces7", 5, lambda a: a.touchpoint == "purchase"),
    )
    for found in (fall, rise):
        assert isinstance(found, Difference)
        assert found.low <= 0 <= found.high
