"""Which stores have served whom."""

from collections.abc import Collection

from kizuna.customers.people.models import StoreTie
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.operations import insert_rows


def tie_to_stores(*, pairs: Collection[tuple[int, int]]) -> None:
    """Remember (person record, store id) pairs, so that the staff of those stores may see these customers."""
    fresh = set(pairs)
    known = StoreTie.objects.filter(among(column="person_id", values={person for person, _ in fresh}))
    fresh.difference_update(known.values_list("person_id", "store_id").iterator(chunk_size=5_000))
    if fresh:
        insert_rows(model=StoreTie, columns=("person_id", "store_id"), rows=sorted(fresh))
