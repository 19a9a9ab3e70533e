"""Find customers by anything staff are told at the till or on the phone."""

from dataclasses import dataclass

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
    """Customers whose name, reading, mail, phone, account or card matches; all of them, newest first, without a text.

    ``stores`` limits to customers those stores have served.
    """
    visible: QuerySet[Person] = Person.objects.filter(erased_at=None)
    if stores is not None:
        tied = StoreTie.objects.filter(store__code__in=list(stores)).values("person_id")
        clusters = Person.objects.filter(id__in=tied)
        visible = visible.filter(
            Q(id__in=clusters.values("id"))
            | Q(id__in=clusters.values("root_id"))
            | Q(root_id__in=clusters.values("id"))
            | Q(root_id__in=clusters.exclude(root_id=None).values("root_id"))
        )
    if text.strip():
        visible = visible.filter(_matching(text=text))
    roots: dict[int, None] = {}
    for person, root in visible.order_by("-id").values_list("id", "root_id")[: limit * 4]:
        roots.setdefault(root or person)
    return _hits(roots=list(roots)[:limit])


def _matching(*, text: str) -> Q:
    folded = fold_text(text=text)
    match = Q(name_key__contains=name_key(text)) | Q(kana_key__startswith=kana_key(text))
    mail, phone = mail_key(text).key, phone_key(text).key
    keys = Q(key=mail, kind="mail") if mail else Q(kind="mail", key__startswith=folded)
    if phone:
        keys |= Q(key=phone, kind="phone")
    keys |= Q(kind__in=["account", "card", "line"], raw=text.strip())
    match |= Q(id__in=Evidence.objects.filter(keys, retracted_at=None).values("person_id"))
    return match | Q(id=int(folded)) if folded.isascii() and folded.isdigit() and len(folded) < 19 else match


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
