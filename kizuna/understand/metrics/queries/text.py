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
    """``12.5 %``, ``+31.0``, ``¥4,200``, ``3.9``: a value as it is printed; ``decimals`` are the metric's own."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "points":
        text = f"{value:+.{decimals}f}"
        return text if float(text) else text[1:]
    if unit == "yen":
        return f"¥{value:,.0f}" if value >= 0 else f"-¥{-value:,.0f}"
    return f"{value:,.{decimals}f}"
