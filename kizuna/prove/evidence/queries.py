"""The league table of practices, computed from the trials whenever the state or the day has changed."""

from datetime import date, datetime
from functools import lru_cache

from kizuna.act.practices.queries import practices
from kizuna.clock import JST
from kizuna.facts.state.queries import generation
from kizuna.prove.evidence.rules.league import COLUMN_OF, Column, League, league
from kizuna.prove.trials.queries import Report, Shown, effects
from kizuna.stats.multiplicity import benjamini_hochberg


def league_table(*, by: Column, now: datetime) -> League:
    """Every practice with anybody assigned, ordered by one column."""
    # Whether a practice has been planned, paused or renamed since is seen at once; its figures change with the state.
    known = tuple((one.name, one.title.ja, one.assigned, one.version) for one in practices())
    reports, adjusted = _reports(generation(), now.astimezone(JST).date(), now.astimezone(JST).hour, known)
    return league(reports=reports, adjusted=adjusted, by=by)


def adjusted_over_all(*, reports: tuple[Report, ...]) -> dict[tuple[str, str], float]:
    """The p of every effect in the table among all of them (Benjamini-Hochberg): a table of twenty tells one lie."""
    shown = [one for one in reports if one.primary or one.metric in COLUMN_OF]
    tested = [(one, one.effect.p) for one in shown if isinstance(one.effect, Shown)]
    adjusted = benjamini_hochberg(p_values=[p for _, p in tested])
    return {(one.practice, one.metric): p for (one, _), p in zip(tested, adjusted, strict=True)}


@lru_cache(maxsize=4)
def _reports(
    state: int, day: date, hour: int, known: tuple[object, ...]
) -> tuple[tuple[Report, ...], dict[tuple[str, str], float]]:
    """All effects as of an hour: who is mature changes with the clock, everything else with the state."""
    del state, known
    now = datetime(day.year, day.month, day.day, hour, tzinfo=JST)
    reports = tuple(effects(now=now))
    return reports, adjusted_over_all(reports=reports)
