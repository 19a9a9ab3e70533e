"""Many customers at once: their roots, their records, their birthdays."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Coalesce

from kizuna.customers.people.models import Person
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """A customer and their date of birth."""

    root_id: int
    birth_date: date


def roots_of(*, person_ids: Collection[int]) -> dict[int, int]:
    """The root of each record, erased customers left out."""
    if not person_ids:
        return {}
    live = Person.objects.filter(among(column="id", values=person_ids), erased_at=None)
    return dict(live.annotate(top=Coalesce("root_id", "id")).values_list("id", "top"))


def clusters_of(*, root_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """All record ids of each of these customers, the root first."""
    if not root_ids:
        return {}
    found: dict[int, list[int]] = {root: [root] for root in root_ids}
    rows = Person.objects.filter(among(column="root_id", values=root_ids)).order_by("id")
    for id_, root in rows.values_list("id", "root_id"):
        if root is not None:
            found[root].append(id_)
    return {root: tuple(ids) for root, ids in found.items()}


def cluster_ids(*, person_id: int) -> tuple[int, ...]:
    """All record ids of the customer this record belongs to, the root first; empty for an unknown one.

    The same as ``records_of`` as plain SQL, for what is asked while a customer waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.id FROM people_person asked JOIN people_person one"
            " ON one.id = coalesce(asked.root_id, asked.id) WHERE asked.id = %s"
            " UNION ALL SELECT one.id FROM people_person asked JOIN people_person one"
            " ON one.root_id = coalesce(asked.root_id, asked.id) WHERE asked.id = %s",
            [person_id, person_id],
        )
        return tuple(row[0] for row in cursor.fetchall())


def born_on(*, days: Collection[tuple[int, int]]) -> list[Born]:
    """Customers born on one of these (month, day) pairs; the newest stated date of a customer's records counts."""
    if not days:
        return []
    asked = Q()
    for month, day in days:
        asked |= Q(birth_date__month=month, birth_date__day=day)
    roots = {root or id_ for id_, root in Person.objects.filter(asked, erased_at=None).values_list("id", "root_id")}
    stated: dict[int, list[tuple[object, date]]] = defaultdict(list)
    cluster = Q(among(column="id", values=roots)) | Q(among(column="root_id", values=roots))
    rows = Person.objects.filter(cluster, birth_date__isnull=False, erased_at=None).order_by("observed_at", "id")
    for id_, root, observed_at, born in rows.values_list("id", "root_id", "observed_at", "birth_date"):
        if born is not None:
            stated[root or id_].append((observed_at, born))
    newest = {root: dates[-1][1] for root, dates in stated.items()}
    wanted = set(days)
    return [Born(root_id=root, birth_date=born) for root, born in newest.items() if (born.month, born.day) in wanted]
