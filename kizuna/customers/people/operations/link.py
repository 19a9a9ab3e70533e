"""Bring the materialised roots in line with the evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.rules import components
from kizuna.customers.stores.rules import slices
from kizuna.facts.catalogue import PersonLinked
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import update_rows


def join_by_keys(*, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """Join every two records that share one of these (kind, key) pairs; only adding, so no walk is needed."""
    wanted = set(keys)
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for texts in slices(items=sorted({key for _, key in wanted})):
        live = Evidence.objects.filter(key__in=texts, strength="strong", retracted_at=None)
        for kind, key, person, root in live.values_list("kind", "key", "person_id", "person__root_id"):
            if (kind, key) in wanted:
                groups[kind, key].add(root or person)
    joined = components(people=(), edges=((root, key) for key, roots in groups.items() for root in roots))
    moved = {root: new for root, new in joined.items() if root != new}
    if not moved:
        return
    changes = {}
    for part in slices(items=sorted(moved)):
        members = Person.objects.filter(Q(id__in=part) | Q(root_id__in=part))
        for person, root in members.values_list("id", "root_id"):
            changes[person] = moved[root or person]
    _write_roots(changes=changes, now=now)


def recompute(*, people: Collection[int], now: datetime) -> None:
    """Work out the roots of these records' clusters again from their live evidence (after a retraction)."""
    members: dict[int, int] = {}
    roots: set[int] = set()
    for part in slices(items=sorted(people)):
        roots.update(root or person for person, root in Person.objects.filter(id__in=part).values_list("id", "root_id"))
    for part in slices(items=sorted(roots)):
        cluster = Person.objects.filter(Q(id__in=part) | Q(root_id__in=part))
        members.update({person: root or person for person, root in cluster.values_list("id", "root_id")})
    edges: list[tuple[int, tuple[str, str]]] = []
    for part in slices(items=sorted(members)):
        live = Evidence.objects.filter(person_id__in=part, strength="strong", retracted_at=None)
        edges.extend((person, (kind, key)) for person, kind, key in live.values_list("person_id", "kind", "key"))
    fresh = components(people=members, edges=edges)
    _write_roots(changes={person: root for person, root in fresh.items() if members[person] != root}, now=now)


def _write_roots(*, changes: dict[int, int], now: datetime) -> None:
    """Store new roots and tell the lake, each with the record's next link revision."""
    if not changes:
        return
    revisions: dict[int, int] = {}
    for part in slices(items=sorted(changes)):
        revisions.update(Person.objects.filter(id__in=part).values_list("id", "link_revision"))
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
