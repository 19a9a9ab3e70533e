"""From questions to moments per group: the smallest roll-up that is exact, or the unit tables.

All questions of a page go to DuckDB as one statement, and answers are kept until their unit table changes, so a page
that was shown once costs one small query to the database.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast

from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import units
from kizuna.stats.concentration import TopSums
from kizuna.stats.estimate import Moments
from kizuna.understand.metrics.queries.snapshot import Snapshot, forget, snapshot
from kizuna.understand.metrics.rules.cut import Cut
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.understand.metrics.rules.dims import TIME_DIMS, time_label
from kizuna.understand.metrics.rules.grains import choose
from kizuna.understand.metrics.rules.outcome import Sums, interval_of
from kizuna.understand.metrics.rules.sql import Statement, from_cube, from_units, parquet

Groups = dict[tuple[str, ...], Sums]

_KEPT_ANSWERS = 4096
_answers: OrderedDict[tuple[str, Cut], Groups] = OrderedDict()
_others: OrderedDict[tuple[object, ...], object] = OrderedDict()
_KEPT_OTHERS = 64
_lock = threading.Lock()
Made = TypeVar("Made")


def sums_of(*, cuts: Sequence[Cut], recompute: bool = False, remember: bool = True) -> list[Groups]:
    """The moments of every group of every question; ``recompute`` passes by the roll-ups."""
    if not cuts:
        return []
    try:
        return _sums_of(cuts=cuts, recompute=recompute, remember=remember)
    except Exception as error:
        # A file of the generation we remembered has been cleared away meanwhile: look again, once.
        if type(error).__name__ != "IOException":
            raise
        forget_answers()
        return _sums_of(cuts=cuts, recompute=recompute, remember=False)


def plan_of(*, cut: Cut, now: Snapshot, place: int = 0, width: int | None = None) -> Statement | None:
    """The statement that answers from the smallest exact source; None when that source holds no row at all."""
    grain = choose(cut=cut, sizes=now.sizes)
    if grain is None:
        return unit_plan(cut=cut, now=now, place=place, width=width)
    paths = now.paths(grain=grain.name, start=cut.start, end=cut.end)
    if not paths:
        return None
    return from_cube(cut=cut, grain=grain, relation=parquet(paths=paths), place=place, width=width)


def unit_plan(*, cut: Cut, now: Snapshot, place: int = 0, width: int | None = None) -> Statement | None:
    """The statement that recomputes from the unit tables."""
    paths = _unit_paths(table=cut.metric.table, now=now)
    return from_units(cut=cut, relation=parquet(paths=paths), place=place, width=width) if paths else None


def kept(*, key: tuple[object, ...], make: Callable[[Snapshot], Made]) -> Made:
    """``make(snapshot)``, made once per generation."""
    now = snapshot()
    full = (now.token, *key)
    with _lock:
        if now.generation and full in _others:
            return cast("Made", _others[full])
    made = make(now)
    _put_aside(key=full, made=made)
    return made


def forget_answers() -> None:
    """Drop every kept answer, so that the next one is computed again (for measuring, and for another database)."""
    forget()
    interval_of.cache_clear()
    with _lock:
        _answers.clear()
        _others.clear()


def _unit_paths(*, table: str, now: Snapshot) -> Sequence[str]:
    """The unit table's files, looked up once per generation of the roll-ups."""
    key = (now.token, "units", table)
    with _lock:
        known = _others.get(key) if now.generation else None
    if known is not None:
        return cast("Sequence[str]", known)
    paths = [str(path) for path in units(table=table)]
    _put_aside(key=key, made=paths)
    return paths


def _put_aside(*, key: tuple[object, ...], made: object) -> None:
    with _lock:
        _others[key] = made
        while len(_others) > _KEPT_OTHERS:
            _others.popitem(last=False)


def _sums_of(*, cuts: Sequence[Cut], recompute: bool, remember: bool) -> list[Groups]:
    now = snapshot()
    if recompute:  # from the unit tables of this very moment, whatever was rolled up or remembered
        now = replace(now, generation=0)
    remember = remember and now.generation > 0 and not recompute
    found: dict[Cut, Groups] = {}
    if remember:
        with _lock:
            found = {cut: _answers[key] for cut in cuts if (key := (_version(now, cut), cut)) in _answers}
    missing = [cut for cut in dict.fromkeys(cuts) if cut not in found]
    found |= _ask(cuts=missing, now=now, recompute=recompute)
    if remember and missing:
        _remember(fresh={(_version(now, cut), cut): found[cut] for cut in missing})
    return [found[cut] for cut in cuts]


def _ask(*, cuts: Sequence[Cut], now: Snapshot, recompute: bool) -> dict[Cut, Groups]:
    answers: dict[Cut, Groups] = {cut: {} for cut in cuts}
    width = max((len(cut.by) for cut in cuts), default=0)
    statements = []
    for place, cut in enumerate(cuts):
        if cut.is_empty:
            continue
        plan = (
            unit_plan(cut=cut, now=now, place=place, width=width)
            if recompute
            else plan_of(cut=cut, now=now, place=place, width=width)
        )
        if plan is not None:
            statements.append(plan)
    if not statements:
        return answers
    sql = " UNION ALL ".join(f"({statement.sql})" for statement in statements)
    values = [value for statement in statements for value in statement.values]
    for place, *row in connect().execute(sql, values).fetchall():
        cut = cuts[place]
        sums = _sums(cut.metric.kind, row[width:])
        if sums is not None:
            answers[cut][_group(cut, row)] = sums
    return answers


def _sums(kind: Kind, row: Sequence[Any]) -> Sums | None:
    if not row[0]:
        return None
    if kind is Kind.TOP_SHARE:
        n, total, squares, threshold, top_count, top_total, top_squares = row
        return TopSums(
            n=n,
            total=total,
            total_of_squares=squares,
            threshold=threshold,
            top_count=int(top_count),
            top_total=top_total,
            top_total_of_squares=top_squares,
        )
    n, y, yy, x, xx, xy, _ = row
    return Moments(n=int(n), sum_y=y, sum_yy=yy, sum_x=x, sum_xx=xx, sum_xy=xy)


def _group(cut: Cut, row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(
        time_label(dim=dim, start=date.fromisoformat(value)) if dim in TIME_DIMS else value
        for dim, value in zip(cut.by, row, strict=False)
    )


def _version(now: Snapshot, cut: Cut) -> str:
    return now.versions.get(cut.metric.table, now.token)


def _remember(*, fresh: Mapping[tuple[str, Cut], Groups]) -> None:
    with _lock:
        _answers.update(fresh)
        while len(_answers) > _KEPT_ANSWERS:
            _answers.popitem(last=False)
