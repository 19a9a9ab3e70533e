"""From new facts to everything that must be computed anew, and all facts about it.

``touched_<thing>`` hold ids. Customers are touched as *roots*: every root that any person of a touched
thing ever belonged to, so that the old and the new owner of a moved thing are both among them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kizuna.facts.lake.models import LakeFile
from kizuna.facts.lake.queries import lake_path
from kizuna.facts.lake.rules import source_sql
from kizuna.facts.state.operations.workspace import lake_sources
from kizuna.facts.state.rules import FAMILIES, family_sql

if TYPE_CHECKING:
    import duckdb

LITERALS = 500
"""Up to so many ids are written into the query, where Parquet's own statistics can skip row groups by them."""

_SETS = ("person", "root", "member", "order", "shipment", "answer", "review", "note", "assignment", "wanted")
_NEEDED_BY = {
    "link": frozenset({"orders", "lines", "shipments", "answers", "reviews", "customers", "notes", "assignments"}),
    "order": frozenset({"orders", "lines", "shipments", "answers", "reviews", "customers", "assignments"}),
    "line": frozenset({"lines", "customers"}),
    "shipment": frozenset({"shipments", "answers", "customers"}),
    "answer": frozenset({"answers", "customers"}),
    "review": frozenset({"reviews"}),
    "note": frozenset({"notes"}),
    "assignment": frozenset({"assignments"}),
}


def touched_tables(*, database: "duckdb.DuckDBPyConnection", batch_ids: Sequence[int]) -> frozenset[str]:
    """Read the new facts; afterwards the ``touched_…`` sets hold what they name. Answers the tables they can change."""
    for name in _SETS:
        database.execute(f"CREATE TEMP TABLE touched_{name} (id BIGINT)")
    files: dict[str, list[str]] = {}
    rows = LakeFile.objects.filter(batch_id__in=batch_ids, retired_at=None).order_by("path")
    for fact_type, path in rows.values_list("fact_type", "path"):
        files.setdefault(fact_type, []).append(path)
    tables: frozenset[str] = frozenset()
    for name, family in FAMILIES.items():
        if not any(fact.__name__ in files for fact in family.facts):
            continue
        tables |= family.affects
        sources = {
            fact: source_sql(fact=fact, paths=[lake_path(name=path) for path in files.get(fact.__name__, [])])
            for fact in family.facts
        }
        database.execute(f"CREATE TEMP TABLE fresh_{name} AS {family_sql(family=family, sources=sources)}")
        _read_fresh(database=database, family=name)
    return tables


def spread(*, database: "duckdb.DuckDBPyConnection", batch_ids: Sequence[int]) -> None:
    """Follow the touched things to everyone they ever belonged to and to the things that depend on them."""
    sources = lake_sources(batch_ids=batch_ids)
    for name, family in FAMILIES.items():
        database.execute(f"CREATE TEMP VIEW lake_{name} AS {family_sql(family=family, sources=sources)}")
    if _any(database, "shipment"):
        _add(
            database, "order", f"SELECT order_id FROM lake_shipment WHERE {_among(database, 'shipment_id', 'shipment')}"
        )
    if _any(database, "order"):
        for thing in ("shipment", "answer"):
            of_order = _among(database, "order_id", "order")
            _add(database, thing, f"SELECT {thing}_id FROM lake_{thing} WHERE {of_order}")
    for thing in ("order", "shipment", "answer", "review", "note", "assignment"):
        if _any(database, thing):
            touched = _among(database, f"{thing}_id", thing)
            _add(database, "person", f"SELECT person_id FROM lake_{thing} WHERE {touched}")
    _add(database, "root", "SELECT id FROM touched_person")
    _add(database, "root", f"SELECT root_id FROM lake_link WHERE {_among(database, 'person_id', 'person')}")
    _add(database, "member", "SELECT id FROM touched_root")
    _add(database, "member", f"SELECT person_id FROM lake_link WHERE {_among(database, 'root_id', 'root')}")


def fetch_facts(*, database: "duckdb.DuckDBPyConnection", tables: frozenset[str]) -> None:
    """Make each ``fact_<family>`` hold every fact about what is touched, and about what that needs to be computed.

    More than needed does no harm: ``advance`` keeps only the rows of touched roots and things.
    """
    needed = {family for family, used_by in _NEEDED_BY.items() if used_by & tables}
    _fetch(database, "link", needed, f"{_among(database, 'person_id', 'member')}")
    for thing in ("review", "note", "assignment"):
        _fetch_of_people(database, thing, needed)
    _fetch_of_people(database, "answer", needed)
    _add(database, "wanted", "SELECT id FROM touched_order")
    if "order" in needed:
        _add(database, "wanted", f"SELECT order_id FROM lake_order WHERE {_among(database, 'person_id', 'member')}")
    _fetch_shipments(database, needed)
    _fetch(database, "order", needed, _among(database, "order_id", "wanted"))
    _fetch(database, "line", needed, _among(database, "order_id", "wanted"))


def _fetch_of_people(database: "duckdb.DuckDBPyConnection", thing: str, needed: set[str]) -> None:
    """All facts of the things that are touched or were ever a touched person's."""
    if thing in needed:
        by_person = _among(database, "person_id", "member")
        database.execute(
            f"CREATE TEMP TABLE ids_{thing} AS SELECT id FROM touched_{thing}"
            f" UNION SELECT {thing}_id FROM lake_{thing} WHERE {by_person}"
        )
        _fetch(database, thing, needed, _among(database, f"{thing}_id", "", table=f"ids_{thing}"))
    else:
        _fetch(database, thing, needed, "false")


def _fetch_shipments(database: "duckdb.DuckDBPyConnection", needed: set[str]) -> None:
    """The parcels of the touched people and orders, those the answers are about, and the orders of them all."""
    if "shipment" not in needed:
        _fetch(database, "shipment", needed, "false")
        return
    database.execute(
        "CREATE TEMP TABLE about AS SELECT id FROM touched_wanted UNION SELECT order_id FROM fact_answer"
        " WHERE order_id IS NOT NULL"
    )
    by_person, by_order = _among(database, "person_id", "member"), _among(database, "order_id", "", table="about")
    database.execute(
        "CREATE TEMP TABLE ids_shipment AS SELECT id FROM touched_shipment"
        f" UNION SELECT shipment_id FROM lake_shipment WHERE {by_person}"
        f" UNION SELECT shipment_id FROM lake_shipment WHERE {by_order}"
    )
    _fetch(database, "shipment", needed, _among(database, "shipment_id", "", table="ids_shipment"))
    _add(database, "wanted", "SELECT order_id FROM fact_shipment")


def _fetch(database: "duckdb.DuckDBPyConnection", family: str, needed: set[str], where: str) -> None:
    wanted = where if family in needed else "false"
    database.execute(f"CREATE TEMP TABLE fact_{family} AS SELECT * FROM lake_{family} WHERE {wanted}")


def _read_fresh(*, database: "duckdb.DuckDBPyConnection", family: str) -> None:
    fresh = f"fresh_{family}"
    _add(database, "person", f"SELECT person_id FROM {fresh}")
    if family in ("order", "line", "shipment"):
        _add(database, "order", f"SELECT order_id FROM {fresh}")
    if family not in ("link", "order", "line"):
        _add(database, family, f"SELECT {family}_id FROM {fresh}")


def _add(database: "duckdb.DuckDBPyConnection", name: str, ids: str) -> None:
    database.execute(
        f"INSERT INTO touched_{name} SELECT DISTINCT id FROM ({ids}) ids(id)"
        f" WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM touched_{name})"
    )


def _any(database: "duckdb.DuckDBPyConnection", name: str) -> bool:
    return bool(database.execute(f"SELECT count(*) FROM touched_{name}").fetchall()[0][0])


def _among(database: "duckdb.DuckDBPyConnection", column: str, name: str, *, table: str = "") -> str:
    """A condition that ``column`` is one of the ids in a set."""
    held = table or f"touched_{name}"
    found = database.execute(f"SELECT DISTINCT id FROM {held} WHERE id IS NOT NULL LIMIT {LITERALS + 1}").fetchall()
    if not found:
        return "false"
    if len(found) > LITERALS:
        return f"{column} IN (SELECT id FROM {held})"
    return f"{column} IN ({', '.join(str(row[0]) for row in found)})"
