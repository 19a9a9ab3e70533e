"""Swapped dates are a slip to be told, not a period without data."""

from datetime import date

import pytest

from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.rules.cut import Ask, cut_of
from kizuna.understand.metrics.rules.dims import PeriodBackwards
from kizuna.understand.metrics.tests.world import NOW


@pytest.mark.django_db
def test_the_refusal_names_the_first_and_the_last_day_as_people_count_them() -> None:
    with pytest.raises(PeriodBackwards) as refused:
        measure(metric="nps", date_from=date(2026, 2, 10), date_to=date(2026, 2, 1), now=NOW)
    assert "2026-02-10" in refused.value.words.ja
    assert "2026-01-31" in refused.value.words.en


def test_no_day_at_all_is_a_period_without_data() -> None:
    day = date(2026, 2, 10)
    assert cut_of(ask=Ask(metric="nps", date_from=day, date_to=day), now=NOW).is_empty
