"""Bring the materialised roots in line with the evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.rules import components
from kizuna.customers.stores.queries import among
from kizuna.facts.catalogue import PersonLinked
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import update_rows


def join_by_keys(*, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """Join every two records that share one of these (kind, key) pairs; only adding, so no walk is needed."""
    wanted = set(keys)
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    live = Evidence.objects.filter(
        among(column="key", values={key for _, key in wanted}), strength="strong", retracted_at=None
    )
    for kind, key, person, root in live.values_list("kind", "key", "person_id", "person__root_id"):
        if (kind, key) in wanted:
            groups[kind, key].add(root or person)
    joined = components(people=(), edges=((root, key) for key, roots in groups.items() for root in roots))
    moved = {root: new for root, new in joined.items() if root != new}
    if not moved:
        return
    changes = {person: moved[root] for person, root in _members(roots=moved).items()}
    _write_roots(changes=changes, now=now)


def recompute(*, people: Collection[int], now: datetime) -> None:
    """Work out the roots of these records' clusters again from their live evidence (after a retraction)."""
    found = Person.objects.filter(among(column="id", values=people)).values_list("id", "root_id")
    members = _members(roots={root or person for person, root in found})
    edges: list[tuple[int, tuple[str, str]]] = []
    live = Evidence.objects.filter(among(column="person_id", values=members), strength="strong", retracted_at=None)
    edges.extend((person, (kind, key)) for person, kind, key in live.values_list("person_id", "kind", "key"))
    fresh = components(people=members, edges=edges)
    _write_roots(changes={person: root for person, root in fresh.items() if members[person] != root}, now=now)


def _members(*, roots: Iterable[int]) -> dict[int, int]:
    """Everybody under these roots, with their root. Two queries: PostgreSQL answers an OR of lists by a full scan."""
    wanted = list(roots)
    own = Person.objects.filter(among(column="id", values=wanted)).values_list("id", flat=True)
    return {
        **{person: person for person in own},
        **dict(
            Person.objects.filter(among(column="root_id", values=wanted))
            .exclude(root_id=None)
            .values_list("id", "root_id")
        ),
    }


def _write_roots(*, changes: dict[int, int], now: datetime) -> None:
    """Store new roots and tell the lake, each with the record's next link revision."""
    if not changes:
        return
    revisions: dict[int, int] = {}
    revisions.update(Person.objects.filter(among(column="id", values=changes)).values_list("id", "link_revision"))
    people = sorted(revisions)
    update_rows(
        model=Person,
        columns=("id", "root_id", "link_revision"),
        rows=[(id_, changes[id_] if changes[id_] != id_ else None, revisions[id_] + 1) for id_ in people],
    )
    publish_columns(
        fact=PersonLinked,
        columns={
            "occurred_at": [now] * len(people),
            "person_id": people,
            "root_id": [changes[id_] for id_ in people],
            "revision": [revisions[id_] + 1 for id_ in people],
        },
        now=now,
    )
