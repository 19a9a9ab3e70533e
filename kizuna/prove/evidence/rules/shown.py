"""Effects as people read them: signed, in their unit, the interval beside the value."""

from kizuna.understand.metrics.queries.text import large_yen_words
from kizuna.words import Words

MINUS, PLUS = "−", "+"
_PRINTED = {"share": (100.0, 1), "points": (1.0, 1), "yen": (1.0, 0)}
"""By what a number of this unit is multiplied, and its decimals."""


def signed(*, value: float, unit: str) -> Words:
    """«+16.3ポイント», «−8.1ポイント» of a share, «+1,240円»."""
    if unit == "share":
        text = _signed(value * 100, decimals=1)
        return Words(ja=f"{text}ポイント", en=f"{text} pp")
    if unit == "points":
        text = _signed(value, decimals=1)
        return Words(ja=f"{text}点", en=f"{text} points")
    if unit == "yen":
        return large_yen_words(value=value)
    text = _signed(value, decimals=2)
    return Words(ja=text, en=text)


def span(*, low: float, high: float, unit: str) -> Words:
    """The interval without its unit: «+9.0 ～ +23.9»."""
    return between(low=figure(value=low, unit=unit), high=figure(value=high, unit=unit))


def between(*, low: Words | str, high: Words | str) -> Words:
    """Two printed ends as an interval."""
    return Words(ja=f"{_in(low).ja} ～ {_in(high).ja}", en=f"{_in(low).en} to {_in(high).en}")


def tick(*, value: float, unit: str) -> str:
    """The end of an axis."""
    return _signed(value * 100 if unit == "share" else value, decimals=0)


def figure(*, value: float, unit: str) -> str:
    """The number alone, where the unit stands at the head of its column: «+16.3»."""
    factor, decimals = _PRINTED.get(unit, (1.0, 2))
    return _signed(value * factor, decimals=decimals)


def _in(text: Words | str) -> Words:
    return text if isinstance(text, Words) else Words(ja=text, en=text)


def _signed(value: float, *, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0.0:
        return text
    return (PLUS if value > 0 else MINUS) + text
