"""Which records make up a customer, and who may see them."""

from collections.abc import Collection

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from kizuna.customers.people.models import Evidence, Person, StoreTie
from kizuna.customers.people.rules import mail_key, shown_name
from kizuna.customers.stores.queries import among
from kizuna.errors import NotFound
from kizuna.words import Words


class NoSuchPerson(NotFound):
    """No person record has this id, or not for this member of staff."""

    code = "no_such_person"

    def __init__(self, *, person_id: object) -> None:
        super().__init__(Words(ja="該当する顧客は見つかりません。", en="There is no such customer."))
        self.person_id = person_id


def root_of(*, person_id: int) -> int:
    """The root of this record's customer.

    Raises: NoSuchPerson.
    """
    found = Person.objects.filter(pk=person_id).values_list("id", "root_id").first()
    if found is None:
        raise NoSuchPerson(person_id=person_id)
    return found[1] or found[0]


def records_of(*, person_id: int) -> tuple[int, ...]:
    """All record ids of the customer this record belongs to, the root first.

    Raises: NoSuchPerson.
    """
    ids = tuple(Person.objects.filter(cluster_of(person_id=person_id)).order_by("id").values_list("id", flat=True))
    if not ids:
        raise NoSuchPerson(person_id=person_id)
    return ids


def cluster_of(*, person_id: int) -> Q:
    """The condition for all records of this record's customer; the root is looked up inside the same statement."""
    root = Subquery(Person.objects.filter(pk=person_id).annotate(top=Coalesce("root_id", "id")).values("top")[:1])
    return Q(id=root) | Q(root_id=root)


def served_by(*, person_ids: Collection[int], stores: frozenset[str] | None) -> bool:
    """Whether one of these stores has served one of these records; every customer is visible without a scope."""
    if stores is None:
        return True
    return StoreTie.objects.filter(person_id__in=list(person_ids), store__code__in=list(stores)).exists()


def stores_of(*, person_ids: Collection[int]) -> dict[int, set[str]]:
    """The codes of the stores that have served each of these records."""
    found: dict[int, set[str]] = {}
    if person_ids:
        ties = StoreTie.objects.filter(among(column="person_id", values=person_ids))
        for person, code in ties.values_list("person_id", "store__code"):
            found.setdefault(person, set()).add(code)
    return found


def find_people(*, text: str) -> tuple[int, ...]:
    """The roots meant by a person id or a mail address, for the command line."""
    # isdecimal, not isdigit: «①» and «²» are digits that no number is made of. No id has 20 digits.
    if text.strip().isdecimal() and len(text) < 20:
        return (root_of(person_id=int(text)),)
    key = mail_key(text=text).key
    if not key:
        raise NoSuchPerson(person_id=text)
    live = Evidence.objects.filter(key=key, kind="mail", retracted_at=None)
    found = {root or person for person, root in live.values_list("person_id", "person__root_id")}
    if not found:
        raise NoSuchPerson(person_id=text)
    return tuple(sorted(found))


def holders_of(*, kind: str, keys: Collection[str]) -> dict[str, tuple[int, ...]]:
    """The roots that live evidence ties to each of these keys: a LINE id, a telephone, a mail address.

    A family shares a telephone, so there may be several; a key that nobody is known by is left out.
    """
    found: dict[str, set[int]] = {}
    live = Evidence.objects.filter(among(column="key", values=keys), kind=kind, retracted_at=None)
    for key, person, root in live.values_list("key", "person_id", "person__root_id"):
        found.setdefault(key, set()).add(root or person)
    return {key: tuple(sorted(roots)) for key, roots in found.items()}


def names_of(*, person_ids: Collection[int]) -> dict[int, str]:
    """Names to print, by record id; a record without a name takes one from its cluster's root."""
    names: dict[int, str] = {}
    own = ("display_name", "family_name", "given_name", "company")
    columns = ("id", *own, *(f"root__{name}" for name in own))
    for id_, *texts in Person.objects.filter(among(column="id", values=person_ids)).values_list(*columns):
        names[id_] = _name(texts[:4]) or _name(texts[4:])
    return names


def _name(texts: list[str | None]) -> str:
    display, family, given, company = (text or "" for text in texts)
    return shown_name(display_name=display, family_name=family, given_name=given, company=company)


def erased_among(*, person_ids: Collection[int]) -> set[int]:
    """Which of these records were erased: nothing personal may be written beside them again."""
    gone = Person.objects.filter(erased_at__isnull=False).values_list("id", flat=True)
    return set(gone.filter(among(column="id", values=person_ids))) if person_ids else set()


def existing(*, person_ids: Collection[int]) -> set[int]:
    """Which of these record ids there are."""
    found: set[int] = set()
    found.update(Person.objects.filter(among(column="id", values=person_ids)).values_list("id", flat=True))
    return found
