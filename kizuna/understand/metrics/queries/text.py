"""Numbers and reasons in words, the same on every screen."""

from kizuna.stats.estimate import NotEnough
from kizuna.words import Words

MINUS = "−"
_REASONS: dict[str, Words] = {
    "no_data": Words(ja="まだデータがありません", en="no data yet"),
    "too_few": Words(
        ja="データが足りません（{have}件、{need}件以上で計算します）", en="too few: {have} of {need} needed"
    ),
    "no_variation": Words(
        ja="すべて同じ値のため、ぶれの大きさが分かりません（{have}件）",
        en="all values are equal ({have}), so the spread is unknown",
    ),
    "immature": Words(ja="まだ期間が終わっていません", en="the period is not over yet"),
    "denominator_near_zero": Words(
        ja="件数が少なく、割り算の結果が安定しません（{have}件、{need}件ほどで計算できます）",
        en="too few to divide by safely: {have}, about {need} needed",
    ),
    "total_not_positive": Words(ja="合計が0以下です", en="the total is not above zero"),
    "no_test": Words(ja="この指標の変化は検定しません", en="changes of this metric are not tested"),
}


def reason_words(*, result: NotEnough) -> Words:
    """Why there is no number, in a sentence."""
    known = _REASONS.get(result.reason) or Words(ja=result.reason, en=result.reason)
    return known.fill(have=result.have, need=result.need)


def plain_number(*, value: float, decimals: int) -> str:
    """``−1,234.5`` with a real minus sign, and never ``−0``."""
    text = f"{abs(value):,.{decimals}f}"
    return text if value >= 0 or not _is_any(text) else MINUS + text


def signed_number(*, value: float, decimals: int) -> str:
    """``+1,234.5``: with its sign, unless it is 0."""
    text = plain_number(value=value, decimals=decimals)
    return f"+{text}" if value > 0 and _is_any(text) else text


def number_text(*, value: float, unit: str, decimals: int) -> str:
    """``12.5%``, ``+31.0``, ``4,200円``, ``3.9``: a value as it is printed; ``decimals`` are the metric's own."""
    if unit == "share":
        return f"{plain_number(value=100 * value, decimals=1)}%"
    if unit == "points":
        return signed_number(value=value, decimals=decimals)
    if unit == "yen":
        return str(_YEN.fill(n=plain_number(value=value, decimals=0)))
    return plain_number(value=value, decimals=decimals)


def difference_words(*, value: float, unit: str, decimals: int) -> Words:
    """A difference, always with its sign; one of shares in percentage points, lest it be read as a relative change."""
    if unit == "share":
        return _SHARE_POINTS.fill(n=signed_number(value=100 * value, decimals=1))
    text = signed_number(value=value, decimals=0 if unit == "yen" else decimals)
    return {"points": _POINTS, "yen": _YEN}.get(unit, _BARE).fill(n=text)


def difference_text(*, value: float, unit: str, decimals: int) -> str:
    """The same in the reader's language."""
    return str(difference_words(value=value, unit=unit, decimals=decimals))


def size_text(*, value: float, unit: str, decimals: int) -> str:
    """How large a difference is, without its sign."""
    return difference_text(value=abs(value), unit=unit, decimals=decimals).removeprefix("+")


def difference_span_text(*, low: float, high: float, unit: str, decimals: int) -> str:
    """The interval of a difference, its unit said once: «+5.5 ～ +10.7ポイント»."""
    if unit == "share":
        return str(_SHARE_POINTS.fill(n=_span(100 * low, 100 * high, decimals=1)))
    text = _span(low, high, decimals=0 if unit == "yen" else decimals)
    words = {"points": _POINTS, "yen": _YEN}.get(unit)
    return text if words is None else str(words.fill(n=text))


def span_words(*, low: Words | str, high: Words | str) -> Words:
    """An interval between two printed numbers; a dash would stand beside their signs."""
    first, last = (end if isinstance(end, Words) else Words(ja=end, en=end) for end in (low, high))
    return Words(ja=_SPAN.ja.format(low=first.ja, high=last.ja), en=_SPAN.en.format(low=first.en, high=last.en))


def span_text(*, low: str, high: str) -> str:
    """The same in the reader's language."""
    return str(span_words(low=low, high=high))


def large_yen_words(*, value: float) -> Words:
    """A difference in yen, short: «+1,240円», «−144万円», «+2.31億円»; in English thousands and millions."""
    size = abs(value)
    if size < 100_000:
        return _YEN.fill(n=signed_number(value=value, decimals=0))
    en = (
        f"{signed_number(value=value / 1e6, decimals=2)}M yen"
        if size >= 1e6
        else f"{signed_number(value=value / 1e3, decimals=0)}k yen"
    )
    if size >= 1e8:
        return Words(ja=f"{signed_number(value=value / 1e8, decimals=2)}億円", en=en)
    return Words(ja=f"{signed_number(value=value / 1e4, decimals=0)}万円", en=en)


_POINTS = Words(ja="{n}点", en="{n} points")
_SHARE_POINTS = Words(ja="{n}ポイント", en="{n} pp")
_BARE = Words(ja="{n}", en="{n}")
_YEN = Words(ja="{n}円", en="{n} yen")
_SPAN = Words(ja="{low} ～ {high}", en="{low} to {high}")


def _span(low: float, high: float, *, decimals: int) -> str:
    return span_text(low=signed_number(value=low, decimals=decimals), high=signed_number(value=high, decimals=decimals))


def _is_any(text: str) -> bool:
    return any(digit in text for digit in "123456789")
