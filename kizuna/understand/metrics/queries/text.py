"""Numbers and reasons in words, the same on every screen."""

from kizuna.stats.estimate import NotEnough
from kizuna.words import Words

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


def number_text(*, value: float, unit: str, decimals: int) -> str:
    """``12.5%``, ``+31.0``, ``4,200円``, ``3.9``: a value as it is printed; ``decimals`` are the metric's own."""
    if unit == "share":
        return f"{_plain(100 * value, decimals=1)}%"
    if unit == "points":
        return _signed(value, decimals=decimals)
    if unit == "yen":
        return str(_YEN.fill(n=_plain(value, decimals=0)))
    return _plain(value, decimals=decimals)


def difference_text(*, value: float, unit: str, decimals: int) -> str:
    """A difference, always with its sign; one of shares in percentage points, lest it be read as a relative change."""
    if unit == "share":
        return str(_SHARE_POINTS.fill(n=_signed(100 * value, decimals=1)))
    text = _signed(value, decimals=0 if unit == "yen" else decimals)
    words = {"points": _POINTS, "yen": _YEN}.get(unit)
    return text if words is None else str(words.fill(n=text))


def difference_span_text(*, low: float, high: float, unit: str, decimals: int) -> str:
    """The interval of a difference, its unit said once: «+5.5 ～ +10.7ポイント»."""
    if unit == "share":
        return str(_SHARE_POINTS.fill(n=_span(100 * low, 100 * high, decimals=1)))
    text = _span(low, high, decimals=0 if unit == "yen" else decimals)
    words = {"points": _POINTS, "yen": _YEN}.get(unit)
    return text if words is None else str(words.fill(n=text))


def span_text(*, low: str, high: str) -> str:
    """An interval between two printed numbers; a dash would stand beside their signs."""
    return str(_SPAN.fill(low=low, high=high))


def large_yen_words(*, value: float) -> Words:
    """A difference in yen, short: «+1,240円», «−144万円», «+2.31億円»; in English thousands and millions."""
    size = abs(value)
    if size < 100_000:
        return _YEN.fill(n=_signed(value, decimals=0))
    en = f"{_signed(value / 1e6, decimals=2)}M yen" if size >= 1e6 else f"{_signed(value / 1e3, decimals=0)}k yen"
    if size >= 1e8:
        return Words(ja=f"{_signed(value / 1e8, decimals=2)}億円", en=en)
    return Words(ja=f"{_signed(value / 1e4, decimals=0)}万円", en=en)


_POINTS = Words(ja="{n}点", en="{n} points")
_SHARE_POINTS = Words(ja="{n}ポイント", en="{n} pp")
_YEN = Words(ja="{n}円", en="{n} yen")
_SPAN = Words(ja="{low} ～ {high}", en="{low} to {high}")
_MINUS = "−"


def _span(low: float, high: float, *, decimals: int) -> str:
    return span_text(low=_signed(low, decimals=decimals), high=_signed(high, decimals=decimals))


def _plain(value: float, *, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return text if value >= 0 or not _is_any(text) else _MINUS + text


def _signed(value: float, *, decimals: int) -> str:
    text = _plain(value, decimals=decimals)
    return f"+{text}" if value > 0 and _is_any(text) else text


def _is_any(text: str) -> bool:
    return any(digit in text for digit in "123456789")
