"""What a day, a week or a month is called on a page. Exports, JSON and addresses keep the ISO form."""

from datetime import date

from kizuna.understand.metrics.rules.dims import time_range
from kizuna.words import Words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def span_words(*, dim: str, value: str) -> Words:
    """``2026-10`` as 2026年10月 or Oct 2026; a week by its Monday.

    Raises: BadPeriod.
    """
    start = time_range(dim=dim, value=value)[0]
    named = _MONTHS[start.month - 1]
    if dim == "month":
        return Words(ja=f"{start.year}年{start.month}月", en=f"{named} {start.year}")
    ja, en = f"{start.year}年{start.month}月{start.day}日", f"{start.day} {named} {start.year}"
    return Words(ja=f"{ja}の週", en=f"Week of {en}") if dim == "week" else Words(ja=ja, en=en)


def span_short(*, dim: str, value: str) -> Words:
    """The same for an axis or a narrow column: 26年10月 or Oct ’26, 26/10/5 or 5 Oct ’26.

    Raises: BadPeriod.
    """
    start = time_range(dim=dim, value=value)[0]
    year, named = _short_year(start), _MONTHS[start.month - 1]
    if dim == "month":
        return Words(ja=f"{year}年{start.month}月", en=f"{named} ’{year}")
    return Words(ja=f"{year}/{start.month}/{start.day}", en=f"{start.day} {named} ’{year}")


def _short_year(day: date) -> str:
    return f"{day.year % 100:02d}"
