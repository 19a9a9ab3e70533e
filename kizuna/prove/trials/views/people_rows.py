"""Customers compared with customers alike, in the words and places of the page."""

from dataclasses import dataclass
from datetime import date, timedelta

from kizuna.clock import JST
from kizuna.prove.trials.queries import GRADES, missing_words
from kizuna.prove.trials.queries.text import amount_text, effect_size_text, signed_span_text, signed_text
from kizuna.prove.trials.rules.compared import BalanceRow, ComparedReport
from kizuna.prove.trials.rules.drawing import Axis, axis_of, axis_to
from kizuna.prove.trials.rules.verdict import ALPHA
from kizuna.prove.trials.views.rows import BarRow, p_text
from kizuna.prove.trials.views.store_rows import Check
from kizuna.stats.arms import Effect
from kizuna.stats.balance import ALIKE, Balance
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.understand.metrics.queries.text import difference_text, span_text
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One of the two groups as it is."""

    title: Words
    people: int
    value: str
    range: str
    missing: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRow:
    """One thing known before: where it stands as it is and after weighting, on the scale of the picture."""

    title: Words
    before: str
    after: str
    before_at: str
    after_at: str
    alike: bool | None
    missing: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeScale:
    """The scale of the picture of balance, with the two borders within which groups count as alike."""

    zero: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleShown:
    """A comparison of customers as the page shows it."""

    word: Words
    sentence: Words
    grade: Words
    grade_note: Words
    value: str
    range: str
    bar: BarRow | None
    bars: tuple[BarRow, ...]
    groups: tuple[GroupRow, ...]
    checks: tuple[Check, ...]
    balance: tuple[AlikeRow, ...]
    scale: AlikeScale
    last_day: date
    known_until: date


def shown_of(*, report: ComparedReport) -> PeopleShown:
    """The comparison in words, places and numbers as they are printed."""
    found = report.weighted if isinstance(report.weighted, Effect) else None
    axis = axis_of(
        intervals=[
            (one.value, one.low, one.high) for one in (report.plain, report.weighted) if isinstance(one, Effect)
        ],
        worth=None,
    )
    bars = (
        _bar(report, axis, PLAIN, report.plain, report.got),
        _bar(report, axis, WEIGHTED, report.weighted, report.compared),
    )
    scale = axis_to(reach=1.05 * max([0.3, *(abs(end) for row in report.balance for end in _ends(row))]))
    return PeopleShown(
        word=_CANNOT if found is None else _DIFFERENT if found.p < ALPHA else _SAME,
        sentence=_sentence(report),
        grade=GRADES[report.grade],
        grade_note=_ONLY_KNOWN,
        value="—" if found is None else bars[1].value,
        range="" if found is None else bars[1].range,
        bar=None if found is None else bars[1],
        bars=bars,
        groups=(
            _group(report, report.group.got, report.got, report.got_value),
            _group(report, report.group.without, report.without, report.without_value),
        ),
        checks=tuple(_checks(report)),
        balance=tuple(_alike(row, scale) for row in report.balance),
        scale=AlikeScale(zero=scale.zero, low=scale.at(value=-ALIKE), high=scale.at(value=ALIKE)),
        last_day=report.date_to - timedelta(days=1),
        known_until=report.known_until.astimezone(JST).date(),
    )


def _sentence(report: ComparedReport) -> Words:
    found = report.weighted
    if isinstance(found, NotEnough):
        return missing_words(missing=found)
    parts = {
        "metric": report.reading.title,
        "got": report.group.got,
        "without": report.group.without,
        "days": report.window_days,
    }
    if found.p >= ALPHA:
        return _NONE.fill(**parts, value=signed_text(report=report, value=found.value))
    size = effect_size_text(report=report, value=found.value)
    return (_ABOVE if found.value > 0 else _BELOW).fill(**parts, value=size)


def _bar(report: ComparedReport, axis: Axis, name: Words, found: Effect | NotEnough, counted: int) -> BarRow:
    if isinstance(found, NotEnough):
        return BarRow(
            name=name, value="—", range="", counted=counted, bar=None, axis=axis, note=missing_words(missing=found)
        )
    return BarRow(
        name=name,
        value=signed_text(report=report, value=found.value),
        range=signed_span_text(report=report, low=found.low, high=found.high),
        counted=counted,
        bar=axis.bar(value=found.value, low=found.low, high=found.high),
        axis=axis,
    )


def _group(report: ComparedReport, title: Words, people: int, found: Interval | NotEnough) -> GroupRow:
    if isinstance(found, NotEnough):
        return GroupRow(title=title, people=people, value="—", range="", missing=missing_words(missing=found))
    low, value, high = (amount_text(report=report, value=number) for number in (found.low, found.value, found.high))
    return GroupRow(title=title, people=people, value=value, range=span_text(low=low, high=high), missing=None)


def _checks(report: ComparedReport) -> list[Check]:
    if not report.got:
        return []
    share = report.compared / report.got
    checks = [
        Check(state="good", text=_ALIKE_BY.fill(by=report.alike_by)),
        Check(
            state="good" if isinstance(report.weighted, Effect) else "open",
            text=_OVERLAP.fill(got=f"{report.got:,}", compared=f"{report.compared:,}", share=f"{100 * share:.0f}"),
        ),
        Check(
            state="unknown",
            text=_WORTH.fill(without=f"{report.without:,}", effective=f"{report.effective:,.0f}"),
        ),
        _balance_check(report),
    ]
    if isinstance(report.weighted, Effect):
        checks.append(Check(state="unknown", text=_CHANCE, note=p_text(p=report.weighted.p)))
    return checks


def _balance_check(report: ComparedReport) -> Check:
    uneven = report.uneven
    if not uneven:
        return Check(state="good", text=_EVEN)
    return Check(
        state="open",
        text=_UNEVEN.fill(
            what=Words(
                ja="、".join(row.known.title.ja for row in uneven), en=", ".join(row.known.title.en for row in uneven)
            )
        ),
    )


def _alike(row: BalanceRow, scale: Axis) -> AlikeRow:
    found = row.balance
    if isinstance(found, NotEnough):
        return AlikeRow(
            title=row.known.title,
            before="—",
            after="—",
            before_at="",
            after_at="",
            alike=None,
            missing=_NOBODY_HAS,
        )
    return AlikeRow(
        title=row.known.title,
        before=difference_text(value=found.before, unit="", decimals=2),
        after=difference_text(value=found.after, unit="", decimals=2),
        before_at=scale.at(value=found.before),
        after_at=scale.at(value=found.after),
        alike=found.alike,
        missing=None,
    )


def _ends(row: BalanceRow) -> tuple[float, ...]:
    return (row.balance.before, row.balance.after) if isinstance(row.balance, Balance) else ()


PLAIN = Words(ja="そのまま比べた差", en="Difference as it stands")
WEIGHTED = Words(ja="似たお客様どうしで比べた差", en="Difference between customers alike")
_DIFFERENT = Words(ja="差はあるが、効果とは言えない", en="A difference, but not an effect")
_SAME = Words(ja="差は見られない", en="No difference to be seen")
_CANNOT = Words(ja="比べられない", en="Cannot be compared")
_ABOVE = Words(
    ja="{days}日間の{metric}は、{got}が、条件のよく似た{without}を {value} 上回りました。",
    en="{metric} within {days} days: {got} stand {value} above {without} who were like them.",
)
_BELOW = Words(
    ja="{days}日間の{metric}は、{got}が、条件のよく似た{without}を {value} 下回りました。",
    en="{metric} within {days} days: {got} stand {value} below {without} who were like them.",
)
_NONE = Words(
    ja="{days}日間の{metric}は、{got}と、条件のよく似た{without}とのあいだに、はっきりした差が見られません（{value}）。",
    en="{metric} within {days} days: no clear difference between {got} and {without} who were like them ({value}).",
)
_ALIKE_BY = Words(ja="{by}が同じお客様どうしで比べています。", en="Compared within the same {by}.")
_OVERLAP = Words(
    ja="{got}人のうち{compared}人（{share}%）に、よく似た相手がいました。いない人は比べていません。",
    en="{compared} of {got} ({share}%) had somebody alike; the others are not compared.",
)
_WORTH = Words(
    ja="相手は{without}人ですが、顔ぶれをそろえるぶん、確かさは{effective}人ぶんです。",
    en="The others are {without} customers; made alike they are worth {effective}.",
)
_EVEN = Words(
    ja="記録にある違いは、そろえたあとはどれも小さくなりました（標準化した差が0.1以内）。",
    en="What is on record differs little once made alike (standardised differences within 0.1).",
)
_UNEVEN = Words(ja="そろえたあとも違いが残っています: {what}", en="Still different once made alike: {what}")
_CHANCE = Words(
    ja="いくつもの組み合わせを試すと、何もなくても20回に1回ほどは「差」が出ます。",
    en="Of many comparisons about one in twenty shows a “difference” where there is none.",
)
_ONLY_KNOWN = Words(
    ja="そろえたのは記録にあることだけです。どれだけ数字がそろっても、★1のままです。",
    en="Only what is on record was made alike. However even the figures, it stays at ★1.",
)
_NOBODY_HAS = Words(ja="比べられる人がいません", en="nobody to compare")
