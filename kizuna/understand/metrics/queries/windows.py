"""A metric per assigned customer: the additive sums of each arm, from which effects are computed.

Everything happens set-wise in DuckDB: one statement puts the assigned customers of a practice on a table, and one more
for each metric adds up their rows within the window and in the same span before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kizuna.errors import Invalid
from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import source
from kizuna.stats.estimate import Moments
from kizuna.understand.metrics.rules.compiled import happened_sql
from kizuna.understand.metrics.rules.windows import LATEST_FROM, How, Reading, reading_of
from kizuna.words import Words

if TYPE_CHECKING:
    import duckdb

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPLITS = ("segment", "store")
"""By what the assigned customers can be split: both are as they were at the assignment."""


class BadSplit(Invalid):
    """Effects are split by what was known at the assignment, and by nothing else."""

    code = "bad_split"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            Words(
                ja=f"効果は「{name}」では分けられません。使える切り口: {', '.join(SPLITS)}",
                en=f"Effects cannot be split by «{name}». Choose from: {', '.join(SPLITS)}",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAsk:
    """One metric and how many days after the assignment it is read."""

    metric: str
    window_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmSums:
    """The sums of one arm, or of its part in one segment or store.

    ``people`` are mature customers whom the metric can ask; ``counted`` those with a value (all of them, but for
    metrics of answers or orders). ``moments`` hold y and x of the counted, where x is how many rows or how much of the
    base a customer has; ``adjusting`` the same y beside the covariate from before the assignment.
    """

    people: int
    counted: int
    moments: Moments
    adjusting: Moments

    def __add__(self, other: "ArmSums") -> "ArmSums":
        return ArmSums(
            people=self.people + other.people,
            counted=self.counted + other.counted,
            moments=self.moments + other.moments,
            adjusting=self.adjusting + other.adjusting,
        )

    @property
    def once_each(self) -> bool:
        """Whether every counted customer has exactly one row."""
        return self.moments.sum_x == self.counted == self.moments.sum_xx


ArmKey = tuple[str, bool]
"""(arm, held out); every held-out customer is under ("", True)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSums:
    """What one metric says about one practice. ``drawn`` counts customers by version and arm as the lot drew them.

    ``parts`` are split by "segment" and "store", ``strata`` by both at once, ``versions`` by the version that drew the
    lot. ``crossed`` customers were in different arms before their records were merged; ``immature`` ones have a window
    that is not over; ``not_asked`` had too few or too many orders for it.
    """

    reading: Reading
    window_days: int
    until: datetime
    arms: Mapping[ArmKey, ArmSums]
    parts: Mapping[str, Mapping[str, Mapping[ArmKey, ArmSums]]]
    strata: Mapping[tuple[str, str], Mapping[ArmKey, ArmSums]]
    versions: Mapping[int, Mapping[ArmKey, ArmSums]]
    drawn: Mapping[tuple[int, ArmKey], int]
    assigned: int
    crossed: int
    repeated: int
    immature: int
    not_asked: int
    first_at: datetime | None
    last_at: datetime | None


def person_moments(
    *, practice: str, asks: Sequence[WindowAsk], where: Mapping[str, str] | None = None, now: datetime
) -> list[WindowSums]:
    """The sums of each metric by arm, segment and store, over the customers assigned to the practice.

    Of several assignments of one customer the earliest counts; customers with assignments to different arms are left
    out. A row counts when it happened after the assignment and not later than ``window_days`` after it.
    Raises: UnknownMetric, NoWindow, BadSplit.
    """
    for name in where or {}:
        if name not in SPLITS:
            raise BadSplit(name=name)
    with connect().cursor() as engine:
        _put_people(engine=engine, practice=practice, where=where or {})
        return sums_of_people(engine=engine, asks=asks, now=now)


def sums_of_people(
    *, engine: "duckdb.DuckDBPyConnection", asks: Sequence[WindowAsk], now: datetime
) -> list[WindowSums]:
    """The same sums over whoever stands in the connection's temporary table ``people``, one row per customer:
    person_id, assigned_at, held_out, arm, version, segment, store, orders_before, times, crossed.

    Raises: UnknownMetric, NoWindow.
    """
    readings = [reading_of(metric=ask.metric) for ask in asks]
    drawn = _drawn(engine=engine)
    latest: dict[str, datetime] = {}
    return [
        _sums(
            engine=engine,
            reading=reading,
            days=ask.window_days,
            until=_until(engine=engine, reading=reading, now=now, latest=latest),
            drawn=drawn,
        )
        for reading, ask in zip(readings, asks, strict=True)
    ]


def known_until(*, engine: "duckdb.DuckDBPyConnection", reading: Reading, now: datetime) -> datetime:
    """The last moment that is on record of what the reading counts."""
    return _until(engine=engine, reading=reading, now=now, latest={})


def assigned_practices() -> list[str]:
    """The names of all practices that anybody was ever assigned to."""
    rows = connect().execute(f"SELECT DISTINCT practice FROM ({source(table='assignments')}) ORDER BY 1").fetchall()
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    by_arm: Mapping[tuple[int, ArmKey], int] = field(default_factory=dict)
    assigned: int = 0
    crossed: int = 0
    repeated: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def _put_people(*, engine: "duckdb.DuckDBPyConnection", practice: str, where: Mapping[str, str]) -> None:
    """One row per customer: the earliest assignment, how many there were, and whether their arms differ."""
    condition = "".join(f" AND {name} = ?" for name in where)
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE people AS
        WITH rows AS (
            SELECT person_id, assigned_at, assignment_id, version, held_out,
                CASE WHEN held_out THEN '' ELSE arm END AS arm, store, segment, orders_before
            FROM ({source(table="assignments")}) WHERE practice = ?
        ),
        many AS (
            SELECT person_id, count(*) AS times, count(DISTINCT (held_out, arm)) > 1 AS crossed
            FROM rows GROUP BY person_id HAVING count(*) > 1
        ),
        first AS (
            SELECT rows.*, 1 AS times, false AS crossed FROM rows ANTI JOIN many USING (person_id)
            UNION ALL BY NAME
            SELECT rows.*, times, crossed FROM rows JOIN many USING (person_id)
            QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY assigned_at, assignment_id) = 1
        )
        SELECT * FROM first WHERE person_id IS NOT NULL{condition}
        """,
        [practice, *where.values()],
    )


def _drawn(*, engine: "duckdb.DuckDBPyConnection") -> _Drawn:
    rows = engine.execute(
        """
        SELECT version, arm, held_out, crossed, count(*), sum(times) - count(*),
            epoch_us(min(assigned_at)), epoch_us(max(assigned_at))
        FROM people GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    if not rows:
        return _Drawn()
    whole = [row for row in rows if not row[3]]
    return _Drawn(
        by_arm={(int(version), (arm, bool(held))): int(count) for version, arm, held, _, count, *_ in whole},
        assigned=sum(int(row[4]) for row in rows),
        crossed=sum(int(row[4]) for row in rows if row[3]),
        repeated=sum(int(row[5]) for row in rows),
        first_at=_moment(min(row[6] for row in rows)),
        last_at=_moment(max(row[7] for row in rows)),
    )


def _until(
    *, engine: "duckdb.DuckDBPyConnection", reading: Reading, now: datetime, latest: dict[str, datetime]
) -> datetime:
    column = LATEST_FROM.get(reading.units.table)
    if column is None:
        return now
    if column not in latest:
        ((last,),) = engine.execute(f"SELECT epoch_us(max({column})) FROM ({source(table='orders')})").fetchall()
        latest[column] = now if last is None else min(now, _moment(last))
    return latest[column]


def _sums(
    *, engine: "duckdb.DuckDBPyConnection", reading: Reading, days: int, until: datetime, drawn: _Drawn
) -> WindowSums:
    least, most = reading.orders_before
    asked = f"orders_before >= {least}" + ("" if most is None else f" AND orders_before <= {most}")
    ended = until - timedelta(days=days)
    ((immature, not_asked),) = engine.execute(
        f"SELECT count(*) FILTER (assigned_at > ?), count(*) FILTER (assigned_at <= ? AND NOT ({asked}))"
        " FROM people WHERE NOT crossed",
        [ended, ended],
    ).fetchall()
    rows = engine.execute(_sql(reading=reading, days=days, asked=asked), [ended]).fetchall()
    arms: dict[ArmKey, ArmSums] = {}
    parts: dict[str, dict[str, dict[ArmKey, ArmSums]]] = {name: {} for name in SPLITS}
    strata: dict[tuple[str, str], dict[ArmKey, ArmSums]] = {}
    versions: dict[int, dict[ArmKey, ArmSums]] = {}
    for level, arm, held_out, segment, store, version, *numbers in rows:
        found = _arm_sums(numbers)
        if level == _WHOLE:
            arms[arm, held_out] = found
        elif level == _BY_BOTH:
            strata.setdefault((segment, store), {})[arm, held_out] = found
        elif level == _BY_VERSION:
            versions.setdefault(int(version), {})[arm, held_out] = found
        else:
            name, value = ("segment", segment) if level == _BY_SEGMENT else ("store", store)
            parts[name].setdefault(value, {})[arm, held_out] = found
    return WindowSums(
        reading=reading,
        window_days=days,
        until=until,
        arms=arms,
        parts=parts,
        strata=strata,
        versions=versions,
        drawn=drawn.by_arm,
        assigned=drawn.assigned,
        crossed=drawn.crossed,
        repeated=drawn.repeated,
        immature=int(immature),
        not_asked=int(not_asked),
        first_at=drawn.first_at,
        last_at=drawn.last_at,
    )


_WHOLE, _BY_SEGMENT, _BY_BOTH, _BY_VERSION = 0b111, 0b011, 0b001, 0b110
"""What ``grouping(segment, store, version)`` answers: a 1 for each that is added up."""
_SUMS = (
    "count(*), count(y), sum(y), sum(y * y), sum(x), sum(x * x), sum(x * y), "
    "sum(c) FILTER (y IS NOT NULL), sum(c * c) FILTER (y IS NOT NULL), sum(c * y)"
)
_VALUES: dict[How, tuple[str, str, str]] = {
    How.PER_UNIT: ("sum_y", "sum_x", "CASE WHEN before_x > 0 THEN before_y / before_x ELSE 0.0 END"),
    How.SUM: ("coalesce(sum_y, 0.0)", "1.0", "coalesce(before_y, 0.0)"),
    How.ANY: (
        "(coalesce(sum_y, 0.0) > 0)::DOUBLE",
        "1.0",
        "(coalesce(before_y, 0.0) > 0)::DOUBLE",
    ),
    How.REACH: (
        "(orders_before + coalesce(rows_within, 0) >= {reach})::DOUBLE",
        "1.0",
        "(coalesce(before_y, 0.0) > 0)::DOUBLE",
    ),
}


def _sql(*, reading: Reading, days: int, asked: str) -> str:
    """Rows are added up per customer before anything is joined to the arms, so nobody is counted twice."""
    y, x, covariate = (text.format(reach=reading.reach) for text in _VALUES[reading.how])
    table = reading.units.table
    return f"""
    WITH "{table}" AS ({source(table=table)}),
    asked AS (
        SELECT person_id, arm, held_out, segment, store, version, assigned_at, orders_before
        FROM people WHERE NOT crossed AND assigned_at <= ? AND {asked}
    ),
    within AS (
        SELECT u.person_id,
            sum(u.y) FILTER (u.at > a.assigned_at) AS sum_y,
            sum(u.x) FILTER (u.at > a.assigned_at) AS sum_x,
            count(*) FILTER (u.at > a.assigned_at) AS rows_within,
            sum(u.y) FILTER (u.at <= a.assigned_at) AS before_y,
            sum(u.x) FILTER (u.at <= a.assigned_at) AS before_x
        FROM ({happened_sql(reading=reading)}) u JOIN asked a ON a.person_id = u.person_id
            AND u.at > a.assigned_at - to_days({days}) AND u.at <= a.assigned_at + to_days({days})
        GROUP BY u.person_id
    ),
    person AS (
        SELECT a.arm, a.held_out, a.segment, a.store, a.version, {y} AS y, {x} AS x, {covariate} AS c
        FROM asked a LEFT JOIN within w ON w.person_id = a.person_id
    )
    SELECT grouping(segment, store, version), arm, held_out, segment, store, version, {_SUMS}
    FROM person GROUP BY GROUPING SETS (
        (arm, held_out), (arm, held_out, segment), (arm, held_out, store), (arm, held_out, segment, store),
        (arm, held_out, version)
    )
    """


def _arm_sums(numbers: Sequence[Any]) -> ArmSums:
    people, counted, *sums = numbers
    y, yy, x, xx, xy, c, cc, cy = (float(number or 0.0) for number in sums)
    return ArmSums(
        people=int(people),
        counted=int(counted),
        moments=Moments(n=int(counted), sum_y=y, sum_yy=yy, sum_x=x, sum_xx=xx, sum_xy=xy),
        adjusting=Moments(n=int(counted), sum_y=y, sum_yy=yy, sum_x=c, sum_xx=cc, sum_xy=cy),
    )


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def past_sums(*, ask: WindowAsk, reached: Sequence[tuple[int, datetime]], now: datetime) -> WindowSums:
    """The metric as it would have been read of customers from a moment each in the past, all in one arm: what those
    whom a practice reaches do without it, for planning.

    Raises: UnknownMetric, NoWindow.
    """
    with connect().cursor() as engine:
        engine.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE people AS
            WITH reached AS (SELECT unnest(?::BIGINT[]) AS person_id, unnest(?::TIMESTAMPTZ[]) AS assigned_at)
            SELECT r.person_id, assigned_at, true AS held_out, '' AS arm, 1 AS version, '' AS segment, '' AS store,
                count(o.order_id) AS orders_before, 1 AS times, false AS crossed
            FROM reached r LEFT JOIN ({source(table="orders")}) o
                ON o.person_id = r.person_id AND NOT o.cancelled AND o.ordered_at <= r.assigned_at
            GROUP BY r.person_id, assigned_at
            """,
            [[person for person, _ in reached], [at for _, at in reached]],
        )
        (found,) = sums_of_people(engine=engine, asks=[ask], now=now)
        return found
