"""Customers who got something against customers who did not, without any lot: like compared with like (★1)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from kizuna.clock import JST
from kizuna.errors import Invalid
from kizuna.facts.lake.queries import connect
from kizuna.prove.trials.queries.groups import Cell, group, known_before, put_people
from kizuna.prove.trials.rules.compared import GRADE, BalanceRow, ComparedReport
from kizuna.prove.trials.rules.effects import ARM_KINDS, arm_value
from kizuna.prove.trials.rules.groups import KNOWN, RUNGS, Group
from kizuna.prove.trials.rules.verdict import Case, judge
from kizuna.stats.arms import Effect
from kizuna.stats.balance import balance, effective_people
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.quasi import StratumMoments, weighted_difference
from kizuna.understand.metrics.queries.windows import (
    ArmKey,
    ArmSums,
    WindowAsk,
    WindowSums,
    known_until,
    sums_of_people,
)
from kizuna.understand.metrics.rules.windows import Reading, reading_of
from kizuna.words import Words

DEFAULT_WINDOW_DAYS, DEFAULT_PERIOD_DAYS = 90, 180
LONGEST_WINDOW_DAYS, LONGEST_PERIOD_DAYS = 365, 366
_GOT: ArmKey = ("", False)
_WITHOUT: ArmKey = ("", True)
_NOBODY = Moments(n=0, sum_y=0.0, sum_yy=0.0)


class BadPeriodAsked(Invalid):
    """A period or a window that cannot be compared."""

    code = "bad_comparison_period"


OUTCOMES = (
    *("repeat_rate", "f2_conversion", "loyal_share", "sales", "orders", "product_sales"),
    *("answer_count", "review_count", "note_count"),
)
"""What every customer has a value of, whatever they did afterwards. Scores are not among them: those who answer have
chosen themselves once more."""


class BadOutcome(Invalid):
    """The metric is not one that every customer has."""

    code = "outcome_of_some_only"

    def __init__(self, *, reading: Reading) -> None:
        self.metric = reading.metric.name
        title = reading.title
        super().__init__(
            Words(
                ja=f"「{title.ja}」は、値のある人だけに絞ると比べ方が偏るため、この比較には使えません。",
                en=f"«{title.en}» exists for some customers only, which would make the comparison lopsided.",
            )
        )


def outcomes() -> list[Reading]:
    """The metrics by which customers can be compared."""
    return [reading_of(metric=name) for name in OUTCOMES]


def compare_people(
    *,
    group_slug: str,
    metric: str,
    window_days: int = DEFAULT_WINDOW_DAYS,
    date_from: date | None = None,
    date_to: date | None = None,
    now: datetime,
) -> ComparedReport:
    """The metric of those who got it minus that of customers alike who did not, in the days after one order each.

    ``date_to`` is exclusive; without it the period ends where the outcome of its last order is just known, and without
    ``date_from`` it is 180 days long.
    Raises: NoSuchGroup, UnknownMetric, NoWindow, BadOutcome, BadPeriodAsked.
    """
    chosen, reading = group(slug=group_slug), reading_of(metric=metric)
    if metric not in OUTCOMES:
        raise BadOutcome(reading=reading)
    if not 1 <= window_days <= LONGEST_WINDOW_DAYS:
        raise BadPeriodAsked(_BAD_WINDOW.fill(most=LONGEST_WINDOW_DAYS))
    least, most = reading.orders_before
    asked = f"orders_before >= {least}" + ("" if most is None else f" AND orders_before <= {most}")
    with connect().cursor() as engine:
        until = known_until(engine=engine, reading=reading, now=now)
        first, last = _period(until=until, window_days=window_days, chosen=chosen, given=(date_from, date_to))
        ended = until - timedelta(days=window_days)
        rung = put_people(engine=engine, group=chosen, date_from=first, date_to=last, ended=ended, asked=asked)
        (sums,) = sums_of_people(engine=engine, asks=[WindowAsk(metric=metric, window_days=window_days)], now=now)
        cells = known_before(engine=engine, ended=ended, asked=asked)
    return _report(chosen=chosen, period=(first, last), rung=rung, sums=sums, cells=cells)


def _period(
    *, until: datetime, window_days: int, chosen: Group, given: tuple[date | None, date | None]
) -> tuple[date, date]:
    over = (until - timedelta(days=window_days + chosen.waits_days)).astimezone(JST).date()
    last = min(given[1] or over, over)
    first = given[0] or last - timedelta(days=DEFAULT_PERIOD_DAYS)
    if first >= last:
        raise BadPeriodAsked(_NOT_OVER.fill(day=over.isoformat()))
    if (last - first).days > LONGEST_PERIOD_DAYS:
        raise BadPeriodAsked(_TOO_LONG.fill(most=LONGEST_PERIOD_DAYS))
    return first, last


def _report(
    *, chosen: Group, period: tuple[date, date], rung: int, sums: WindowSums, cells: Sequence[Cell]
) -> ComparedReport:
    reading = sums.reading
    got, without = (sums.arms.get(key) for key in (_GOT, _WITHOUT))
    strata = [_stratum(name, part) for (name, _), part in sorted(sums.strata.items())]
    kind = ARM_KINDS.get(reading.kind, "mean")
    whole = StratumMoments(name="", control=_moments(without), treated=_moments(got))
    plain = weighted_difference(strata=[whole], kind=kind)
    weighted = weighted_difference(strata=strata, kind=kind)
    effect = weighted if isinstance(weighted, NotEnough) else weighted.effect
    pairs = _pairs(cells)
    counts = [(rest.people if rest else 0, those.people if those else 0) for rest, those in pairs]
    return ComparedReport(
        group=chosen,
        metric=reading.metric.name,
        reading=reading,
        window_days=sums.window_days,
        date_from=period[0],
        date_to=period[1],
        known_until=sums.until,
        got=got.counted if got else 0,
        without=without.counted if without else 0,
        compared=sum(those for rest, those in counts if min(rest, those) >= 2),
        effective=effective_people(strata=counts),
        alike_by=RUNGS[rung],
        got_value=_value(reading, got),
        without_value=_value(reading, without),
        plain=plain if isinstance(plain, NotEnough) else plain.effect,
        weighted=effect,
        balance=_balance(pairs),
        immature=sums.immature,
        not_asked=sums.not_asked,
        judgement=judge(
            case=Case(
                value=effect.value if isinstance(effect, Effect) else None,
                p=effect.p if isinstance(effect, Effect) else None,
                better=reading.better,
                grade=GRADE,
                missing=effect if isinstance(effect, NotEnough) else None,
            )
        ),
    )


def _stratum(name: str, part: Mapping[ArmKey, ArmSums]) -> StratumMoments:
    return StratumMoments(name=name, control=_moments(part.get(_WITHOUT)), treated=_moments(part.get(_GOT)))


def _moments(sums: ArmSums | None) -> Moments:
    return _NOBODY if sums is None else sums.moments


def _value(reading: Reading, sums: ArmSums | None) -> Interval | NotEnough:
    if sums is None:
        return NotEnough(reason="no_data", have=0, need=1)
    return arm_value(reading=reading, sums=sums)


def _pairs(cells: Sequence[Cell]) -> list[tuple[Cell | None, Cell | None]]:
    """(without, got) of every stratum."""
    by_key = {(cell.stratum, cell.got): cell for cell in cells}
    return [(by_key.get((name, False)), by_key.get((name, True))) for name in sorted({cell.stratum for cell in cells})]


def _balance(pairs: Sequence[tuple[Cell | None, Cell | None]]) -> tuple[BalanceRow, ...]:
    rows = []
    for known in KNOWN:
        strata = [
            (rest.known[known.column] if rest else _NOBODY, those.known[known.column] if those else _NOBODY)
            for rest, those in pairs
        ]
        rows.append(BalanceRow(known=known, balance=balance(strata=strata)))
    return tuple(rows)


_BAD_WINDOW = Words(
    ja="日数は1日から{most}日までにしてください。", en="Choose between 1 and {most} days for the outcome."
)
_NOT_OVER = Words(
    ja="期間の始まりは、結果がもう分かっている {day} より前の日にしてください。",
    en="Let the period begin before {day}: the outcome of later orders is not known yet.",
)
_TOO_LONG = Words(ja="期間は{most}日までにしてください。", en="Choose a period of {most} days at most.")
