"""Find customers by anything staff are told at the till or on the phone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from kizuna.customers.people.models import Evidence, Person, StoreTie
from kizuna.customers.people.rules import fold_text, kana_key, mail_key, name_key, phone_key, phone_shown, shown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHit:
    """One customer in a list."""

    root_id: int
    name: str
    kana: str
    email: str
    phone: str
    sources: tuple[str, ...]


def search(*, text: str, stores: frozenset[str] | None, limit: int) -> list[PersonHit]:
    """Customers whose name, reading, mail, phone, account or card matches; without a text the newest ones.

    ``stores`` limits to customers those stores have served. What staff usually say is looked up in an
    index first; the slow look inside names is taken only while there are not enough hits.
    """
    roots: dict[int, None] = {}
    for rows in _sources(text=text.strip(), stores=stores):
        found = [root or person for person, root in rows[: limit * 8]]
        served = _served(roots=found, stores=stores)
        roots |= dict.fromkeys(root for root in found if root in served)
        if len(roots) >= limit:
            break
    return _hits(roots=list(roots)[:limit])


_Rows = QuerySet[Person, tuple[int, int | None]]


def _sources(*, text: str, stores: frozenset[str] | None) -> Iterator[_Rows]:
    """Where to look, the cheapest first; a generator, so the dear ones are asked only when needed."""
    living = Person.objects.filter(erased_at=None)
    if not text:
        if stores is not None:
            tied = StoreTie.objects.filter(store__code__in=list(stores))
            living = living.filter(id__in=tied.values("person_id"))
        yield _rows(living)
        return
    if text.isascii() and text.isdigit() and len(text) < 19:
        yield _rows(living.filter(id=int(text)))
    live = Evidence.objects.filter(retracted_at=None)
    yield _rows(living.filter(record_key__in=[f"{kind}:{text}" for kind in ("account", "card", "line")]))
    keys = [key for key in (mail_key(text=text).key, phone_key(text=text).key, text) if key]
    yield _rows(living.filter(id__in=live.filter(key__in=keys).values("person_id")))
    yield _rows(living.filter(_begins(column="name_key", text=name_key(text=text))))
    yield _rows(living.filter(_begins(column="kana_key", text=kana_key(text=text))))
    yield _rows(living.filter(name_key__contains=name_key(text=text)))
    ids = Q(kind__in=["account", "card", "line"], raw=text) | Q(kind="mail", key__startswith=fold_text(text=text))
    yield _rows(living.filter(id__in=live.filter(ids).values("person_id")))


def _rows(people: QuerySet[Person]) -> _Rows:
    return people.order_by("-id").values_list("id", "root_id")


def _begins(*, column: str, text: str) -> Q:
    """A prefix condition that uses the column's index: LIKE does on PostgreSQL, only a range does on SQLite."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": text})
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\U0010ffff"})


def _served(*, roots: list[int], stores: frozenset[str] | None) -> set[int]:
    """Which of these customers one of the stores has served, through any of their records."""
    if stores is None:
        return set(roots)
    ties = StoreTie.objects.filter(store__code__in=list(stores))
    own = ties.filter(person_id__in=roots).values_list("person_id", flat=True)
    under = ties.filter(person__root_id__in=roots).values_list("person__root_id", flat=True)
    return {*own, *(root for root in under if root)}


def _hits(*, roots: list[int]) -> list[PersonHit]:
    clusters: dict[int, list[Person]] = {root: [] for root in roots}
    for person in Person.objects.filter(Q(id__in=roots) | Q(root_id__in=roots)).order_by("-observed_at", "-id"):
        clusters[person.root_id or person.pk].append(person)
    return [_hit(root=root, people=people) for root, people in clusters.items()]


def _hit(*, root: int, people: list[Person]) -> PersonHit:
    names = (
        shown_name(
            display_name=one.display_name, family_name=one.family_name, given_name=one.given_name, company=one.company
        )
        for one in people
    )
    kana = (f"{one.family_kana} {one.given_kana}".strip() for one in people)
    return PersonHit(
        root_id=root,
        name=next(filter(None, names), ""),
        kana=next(filter(None, kana), ""),
        email=next((one.email for one in people if one.email), ""),
        phone=phone_shown(text=next((one.phone for one in people if one.phone), "")),
        sources=tuple(dict.fromkeys(one.source for one in reversed(people))),
    )
