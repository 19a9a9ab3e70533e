"""Effects as people read them: signed, in their unit, the interval beside the value."""

from kizuna.understand.metrics.queries.text import difference_words, large_yen_words, signed_number, span_words
from kizuna.words import Words

_PRINTED = {"share": (100.0, 1), "points": (1.0, 1), "yen": (1.0, 0)}
"""By what a number of this unit is multiplied, and its decimals."""


def signed(*, value: float, unit: str) -> Words:
    """«+16.3ポイント», «−8.1ポイント» of a share, «+1,240円»."""
    if unit == "yen":
        return large_yen_words(value=value)
    return difference_words(value=value, unit=unit, decimals=_PRINTED.get(unit, (1.0, 2))[1])


def span(*, low: float, high: float, unit: str) -> Words:
    """The interval without its unit: «+9.0 ～ +23.9»."""
    return span_words(low=figure(value=low, unit=unit), high=figure(value=high, unit=unit))


def tick(*, value: float, unit: str) -> str:
    """The end of an axis."""
    return signed_number(value=value * 100 if unit == "share" else value, decimals=0)


def figure(*, value: float, unit: str) -> str:
    """The number alone, where the unit stands at the head of its column: «+16.3»."""
    factor, decimals = _PRINTED.get(unit, (1.0, 2))
    return signed_number(value=value * factor, decimals=decimals)
