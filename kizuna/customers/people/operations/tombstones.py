"""Keys of erased people, kept as keyed hashes so that an old file cannot bring them back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from kizuna.customers.people.models import Person
from kizuna.customers.stores.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The emptied record that an erased key belonged to."""

    person_id: int
    erased_at: datetime


def tombstone_of(*, key: str) -> str:
    """What stands in the place of an erased key: a hash that only this installation can compute."""
    return "erased:" + salted_hmac("kizuna.erasure", key, algorithm="sha256").hexdigest()


def find_erased(*, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Erased]:
    """Which of these (source, record key) pairs belonged to people erased since, and when; the latest wins."""
    if not keys or not Person.objects.filter(erased_at__isnull=False).exists():
        return {}
    hashed = {(source, tombstone_of(key=key)): (source, key) for source, key in keys}
    found: dict[tuple[str, str], Erased] = {}
    rows = Person.objects.filter(
        among(column="record_key", values={stone for _, stone in hashed}), erased_at__isnull=False
    )
    for id_, source, stone, erased_at in rows.values_list("id", "source", "record_key", "erased_at"):
        if (source, stone) in hashed and erased_at is not None:
            found[hashed[source, stone]] = Erased(person_id=id_, erased_at=erased_at)
    return found
