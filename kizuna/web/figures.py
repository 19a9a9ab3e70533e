"""Numbers as people read them. Every figure of every page is formatted here, once, with its interval beside it."""

from dataclasses import dataclass

from django.utils.translation import get_language

from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries.text import plain_number, signed_number
from kizuna.words import Words

REASONS: dict[str, Words] = {
    "no_data": Words(ja="まだデータがありません", en="No data yet"),
    "no_variation": Words(ja="ばらつきを測れる件数がまだありません", en="Too few to measure the spread"),
    "denominator_near_zero": Words(ja="割る数が小さすぎます", en="The denominator is too close to zero"),
    "total_not_positive": Words(ja="合計が0以下のため計算できません", en="The total is not above zero"),
    "immature": Words(ja="まだ期間が経っていません", en="The period is not over yet"),
    "too_few": Words(ja="件数が足りません", en="Not enough yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An estimate ready to print. ``enough`` False: ``value`` is empty and ``why`` says what is missing."""

    enough: bool
    value: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    count: str = ""
    why: str = ""
    raw: float | None = None
    raw_low: float | None = None
    raw_high: float | None = None
    n: int | None = None
    have: int = 0

    @property
    def text(self) -> str:
        """Value and unit as one text."""
        return f"{self.value}{self.unit}"

    @property
    def range_text(self) -> str:
        """``31.2–35.8``; the unit stands on the value."""
        return f"{self.low} – {self.high}" if self.enough else ""

    @property
    def sentence(self) -> str:
        """Everything in one line, for a tooltip or a cell: value, interval, n."""
        if not self.enough:
            return self.why
        words = Words(ja="{text}（{range}）n={count}", en="{text} ({range}), n={count}")
        return str(words.fill(text=self.text, range=self.range_text, count=self.count))


def is_english() -> bool:
    """The language of the request being answered."""
    return (get_language() or "ja").startswith("en")


def number(value: float, *, decimals: int = 0) -> str:
    """``−1,234.5`` with a real minus sign, and never ``−0``."""
    return plain_number(value=value, decimals=decimals)


def _yen(value: float) -> tuple[str, str]:
    size = abs(value)
    if is_english():
        return (number(value / 1e6, decimals=2), "M yen") if size >= 1e7 else (number(value), " yen")
    if size >= 1e8:
        return number(value / 1e8, decimals=2), "億円"
    if size >= 1e5:
        return number(value / 1e4, decimals=0 if size >= 1e6 else 1), "万円"
    return number(value), "円"


def parts(value: float, *, unit: str) -> tuple[str, str]:
    """Number and unit as printed."""
    if unit == "yen":
        return _yen(value)
    if unit == "share":
        return number(value * 100, decimals=1), "%"
    if unit == "days":
        return number(value, decimals=1), " days" if is_english() else "日"
    if unit == "points":
        return number(value, decimals=1), ""
    if unit == "count":
        return number(value), ""
    return number(value, decimals=2), ""


def _bounds(result: Estimate) -> tuple[str, str]:
    """The interval in the unit the value is printed in, so that 1.02億円 is not beside 9,870万円."""
    if result.unit == "yen":
        text, unit = _yen(result.value)
        decimals = len(text.partition(".")[2])
        scale = {"億円": 1e8, "万円": 1e4, "M yen": 1e6}.get(unit, 1.0)
        return number(result.low / scale, decimals=decimals), number(result.high / scale, decimals=decimals)
    return parts(result.low, unit=result.unit)[0], parts(result.high, unit=result.unit)[0]


def show(result: Estimate | NotEnough) -> Shown:
    """An estimate with its interval and n, or what is missing."""
    if isinstance(result, NotEnough):
        return Shown(enough=False, why=why_not(result), have=result.have)
    value, unit = parts(result.value, unit=result.unit)
    low, high = _bounds(result)
    return Shown(
        enough=True,
        value=value,
        unit=unit,
        low=low,
        high=high,
        count=number(result.n),
        raw=result.value,
        raw_low=result.low,
        raw_high=result.high,
        n=result.n,
    )


def why_not(result: NotEnough) -> str:
    """«Not enough yet (3 of 10)» in the reader's language."""
    reason = REASONS.get(result.reason, REASONS["no_data"] if result.have == 0 else REASONS["too_few"])
    if result.have >= result.need or result.have == 0:
        return str(reason)
    words = Words(ja="{reason}（{have}/{need}件）", en="{reason} ({have} of {need})")
    return str(words.fill(reason=reason, have=number(result.have), need=number(result.need)))


def difference_text(value: float, *, unit: str) -> str:
    """A change with its sign: ``+3.4`` points, shares in percentage points."""
    if unit == "share":
        return f"{signed_number(value=value * 100, decimals=1)}{' pt' if is_english() else 'ポイント'}"
    text, mark = parts(value, unit=unit)
    return f"{'+' if value > 0 else ''}{text}{mark}"


def yen_text(value: float) -> str:
    """An exact sum of the shop's own books: ``12,345円``."""
    text = number(value)
    return f"{text} yen" if is_english() else f"{text}円"
