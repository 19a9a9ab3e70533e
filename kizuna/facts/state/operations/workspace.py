"""A private DuckDB connection in which facts become units."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kizuna.facts.catalogue import Fact
from kizuna.facts.lake.queries import connect, source
from kizuna.facts.state.rules import FAMILIES, STEPS, VIEWS, family_sql

if TYPE_CHECKING:
    import duckdb


@contextmanager
def workspace() -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection whose temporary tables go with it."""
    database = connect().cursor()
    try:
        yield database
    finally:
        database.close()


def lake_sources(*, batch_ids: Sequence[int]) -> dict[type[Fact], str]:
    """A SELECT for each fact type over what the state has taken in already and the given batches besides."""
    return {fact: source(fact=fact, folded_and=batch_ids) for family in FAMILIES.values() for fact in family.facts}


def view_all_facts(*, database: "duckdb.DuckDBPyConnection", sources: Mapping[type[Fact], str]) -> None:
    """Let every ``fact_<family>`` be the whole lake."""
    for name, family in FAMILIES.items():
        database.execute(f"CREATE TEMP VIEW fact_{name} AS {family_sql(family=family, sources=sources)}")


def compute(*, database: "duckdb.DuckDBPyConnection") -> None:
    """Run the steps over the ``fact_<family>`` relations; afterwards ``unit_sql`` can be read."""
    for name, sql in STEPS:
        database.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    for name, sql in VIEWS:
        database.execute(f"CREATE TEMP VIEW {name} AS {sql}")
