"""The league table of practices, computed from the trials whenever the state or the day has changed."""

from datetime import date, datetime
from functools import lru_cache

from kizuna.act.practices.queries import practices
from kizuna.clock import JST
from kizuna.facts.state.queries import generation
from kizuna.prove.evidence.rules.league import COLUMN_OF, Column, League, league
from kizuna.prove.trials.queries import Report, Shown, decisions, effects
from kizuna.stats.multiplicity import benjamini_hochberg

Standing = tuple[int, date, int, tuple[object, ...]]


def league_table(*, by: Column, now: datetime) -> League:
    """Every practice with anybody assigned, ordered by one column."""
    reports, adjusted = _reports(*standing(now=now))
    return league(reports=reports, adjusted=adjusted, by=by)


def standing(*, now: datetime) -> Standing:
    """All that the table depends on, to keep it by: while this is equal the table is. A practice that was started,
    edited, ended or renamed and a trial that was planned or looked at are seen at once, what coupons cost by the hour.
    """
    known = tuple((one.name, one.title, one.assigned, one.version, one.state, one.ended_at) for one in practices())
    local = now.astimezone(JST)
    return generation(), local.date(), local.hour, (known, decisions())


def adjusted_over_all(*, reports: tuple[Report, ...]) -> dict[tuple[str, str], float]:
    """The p of every effect in the table among all of them (Benjamini-Hochberg): a table of twenty tells one lie."""
    shown = [one for one in reports if one.primary or one.metric in COLUMN_OF]
    tested = [(one, one.effect.p) for one in shown if isinstance(one.effect, Shown)]
    adjusted = benjamini_hochberg(p_values=[p for _, p in tested])
    return {(one.practice, one.metric): p for (one, _), p in zip(tested, adjusted, strict=True)}


@lru_cache(maxsize=4)
def _reports(
    state: int, day: date, hour: int, decided: tuple[object, ...]
) -> tuple[tuple[Report, ...], dict[tuple[str, str], float]]:
    """All effects as of an hour: who is mature changes with the clock, everything else with the state."""
    del state, decided
    now = datetime(day.year, day.month, day.day, hour, tzinfo=JST)
    reports = tuple(effects(now=now))
    return reports, adjusted_over_all(reports=reports)
