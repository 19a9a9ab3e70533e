"""Make every unit table anew from the lake."""

from datetime import datetime

from kizuna.facts.state.models import StateFile
from kizuna.facts.state.operations.swap import state_lock, swap, write_buckets
from kizuna.facts.state.operations.workspace import compute, lake_sources, view_all_facts, workspace
from kizuna.facts.state.queries import generation, unfolded
from kizuna.facts.state.rules import EVERYTHING, UNITS, Touched, unit_sql


def rebuild(*, now: datetime) -> Touched:
    """Recompute the whole state from every fact in the lake and swap it in."""
    with state_lock(wait=True):
        while True:
            touched = rebuild_once(now=now)
            if touched is not None:
                return touched


def rebuild_once(*, now: datetime) -> Touched | None:
    """The same without the lock; None when another process swapped meanwhile."""
    number = generation() + 1
    folded = unfolded()
    sources = lake_sources(batch_ids=folded)
    with workspace() as database:
        view_all_facts(database=database, sources=sources)
        compute(database=database)
        made: list[StateFile] = []
        for table in UNITS:
            made += write_buckets(database=database, table=table, rows=unit_sql(table=table), number=number)
    touched = Touched(generation=number, tables=dict.fromkeys(UNITS, EVERYTHING))
    swapped = swap(made=made, replaced=dict.fromkeys(UNITS), folded=folded, touched=touched, now=now)
    return touched if swapped else None
