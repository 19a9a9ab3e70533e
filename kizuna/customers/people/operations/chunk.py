"""Fold one chunk of sightings into person records: one read, a pure fold, a few set-wise writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter

from msgspec.structs import replace

from kizuna.customers.people.models import Evidence, Person, PersonImage
from kizuna.customers.people.operations.images import image_of
from kizuna.customers.people.operations.tombstones import find_erased
from kizuna.customers.people.rules import FIELDS, KEYS, Edge, Sighting, edges_of, keys_of, merged_values, record_key_of
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.operations import insert_rows, reserve_ids, update_rows
from kizuna.facts.rows.rules import Recorded

_values_of = attrgetter(*FIELDS)
_NEVER = datetime.min.replace(tzinfo=UTC)
_NOTHING = _values_of(Sighting(source="", observed_at=_NEVER))
"""What a row says that names its customer and nothing more: most answers, reviews and till receipts."""
_identity_of = attrgetter("account_id", "card_no", "line_id", "email", "phone")
_Key = tuple[str, str]
_TEXTS = tuple(name for name, kind in Sighting.__annotations__.items() if kind is str)
_texts_of = attrgetter(*_TEXTS)
_FETCH = 5_000
IMPORTS = ("first_import_id", "last_import_id")
_PERSON_COLUMNS = ("id", "link_revision", "source", "record_key", "observed_at", *IMPORTS, "recorded_at")


@dataclass(slots=True, eq=False)
class Record:
    """One person record while a chunk is folded into it; ``id`` is 0 until a new one is written."""

    id: int
    key: _Key
    values: tuple[object, ...]
    observed_at: datetime
    import_ids: tuple[int | None, int | None]
    before: tuple[tuple[object, ...], datetime] | None = None
    moved: bool = False
    stated: set[object] = field(default_factory=set)
    known_edges: dict[_Key, tuple[int, int | None, int | None]] = field(default_factory=dict)
    new_edges: dict[_Key, tuple[Edge, str, datetime]] = field(default_factory=dict)
    stated_again: set[int] = field(default_factory=set)


class Chunk:
    """The records a chunk of sightings touches."""

    def __init__(self, *, sightings: Sequence[Sighting], is_list: bool, import_id: int | None, now: datetime) -> None:
        self.is_list = is_list
        self.import_id = import_id
        self.now = now
        self.sightings = [_storable(sighting) for sighting in sightings]
        self.keys = [(sighting.source, record_key_of(sighting=sighting)) for sighting in self.sightings]
        wanted = {key for key in self.keys if key[1]}
        stated = any(_values_of(sighting) != _NOTHING for sighting in self.sightings)
        self.records = _load_records(keys=wanted, whole=stated)
        self.old = list(self.records.values())
        self.erased = find_erased(keys=wanted - self.records.keys())
        self.created: list[Record] = []
        self._load_edges()

    def _load_edges(self) -> None:
        by_id = {record.id: record for record in self.old}
        columns = ("id", "person_id", "kind", "key", "first_import_id", "last_import_id")
        known = Evidence.objects.filter(among(column="person_id", values=by_id))
        for id_, person, kind, key, first, last in known.values_list(*columns).iterator(chunk_size=_FETCH):
            by_id[person].known_edges[kind, key] = (id_, first, last)

    def fold(self) -> list[tuple[Record | None, Recorded | None]]:
        """What each sighting comes to, in order; nothing is written yet."""
        return [
            self._take(key=key, sighting=sighting) if key[1] else (None, None)
            for key, sighting in zip(self.keys, self.sightings, strict=True)
        ]

    def _take(self, *, key: _Key, sighting: Sighting) -> tuple[Record, Recorded]:
        record = self.records.get(key)
        if record is None:
            tombstone = self.erased.get(key)
            if tombstone is not None and (self.is_list or sighting.observed_at <= tombstone.erased_at):
                # A file must not bring an erased person back; who orders after the erasure is a new customer.
                return Record(tombstone.person_id, key, (), sighting.observed_at, (None, None)), "unchanged"
            return self._create(key=key, sighting=sighting), "created"
        changed = self._state(record=record, sighting=sighting)
        amended = self._amend(record=record, sighting=sighting)
        return record, "amended" if changed or amended else "unchanged"

    def _create(self, *, key: _Key, sighting: Sighting) -> Record:
        seen = (self.import_id, self.import_id)
        record = Record(0, key, _values_of(sighting), sighting.observed_at, seen)
        self.records[key] = record
        self.created.append(record)
        self._state(record=record, sighting=sighting)
        return record

    def _state(self, *, record: Record, sighting: Sighting) -> bool:
        """Take the sighting's evidence; True when some of it is new. A retracted edge counts as known."""
        identity = _identity_of(sighting)
        if identity in record.stated:
            return False
        record.stated.add(identity)
        fresh = False
        for edge in edges_of(sighting=sighting):
            known = record.known_edges.get((edge.kind, edge.key))
            if known is not None:
                if known[2] != self.import_id:
                    record.stated_again.add(known[0])
            elif (edge.kind, edge.key) not in record.new_edges:
                record.new_edges[edge.kind, edge.key] = (edge, sighting.source, sighting.observed_at)
                fresh = True
        return fresh

    def _amend(self, *, record: Record, sighting: Sighting) -> bool:
        """Take what the sighting states; True when that changes the record. Who is only named stays as they were."""
        seen = _values_of(sighting)
        if seen == _NOTHING:
            return False
        newer = sighting.observed_at >= record.observed_at or record.values == _NOTHING
        values = record.values
        if seen != values:
            values = merged_values(known=record.values, seen=seen, newer=newer)
        if record.id and record.before is None and (newer or values != record.values):
            record.before = (record.values, record.observed_at)
        if newer:
            record.moved = record.moved or sighting.observed_at != record.observed_at
            record.observed_at = sighting.observed_at
        changed = values != record.values
        record.values = values
        return changed

    def write(self) -> set[_Key]:
        """Write records, images and evidence; answers the (kind, key) pairs of new strong evidence."""
        self._insert_people()
        self._update_people()
        self._write_stated_again()
        return self._insert_evidence()

    def _insert_people(self) -> None:
        if not self.created:
            return
        ids = reserve_ids(model=Person, count=len(self.created))
        for id_, record in zip(ids, self.created, strict=True):
            record.id = id_
        insert_rows(
            model=Person,
            columns=(*_PERSON_COLUMNS, *FIELDS, *KEYS),
            rows=[
                (
                    *(record.id, 0, *record.key, record.observed_at, *record.import_ids, self.now),
                    *record.values,
                    *keys_of(values=record.values),
                )
                for record in self.created
            ],
        )

    def _update_people(self) -> None:
        changed, touched, later = [], [], []
        for record in self.old:
            imports = imports_after(known=record.import_ids, import_id=self.import_id)
            if record.before is not None and record.before[0] != record.values:
                changed.append((record, imports))
                continue
            if imports != record.import_ids:
                touched.append((record.id, *imports))
            if record.moved:
                later.append((record.id, record.observed_at))
        # Apart, since both import columns are indexed and a database that is told them writes the indexes anew.
        if touched:
            update_rows(model=Person, columns=("id", *IMPORTS), rows=touched)
        if later:
            update_rows(model=Person, columns=("id", "observed_at"), rows=later)
        if not changed:
            return
        insert_rows(
            model=PersonImage,
            columns=("person_id", "import_id", "content", "recorded_at"),
            rows=[(record.id, self.import_id, image_of(before=record.before), self.now) for record, _ in changed],
        )
        update_rows(
            model=Person,
            columns=("id", "observed_at", *IMPORTS, *FIELDS, *KEYS),
            rows=[
                (record.id, record.observed_at, *imports, *record.values, *keys_of(values=record.values))
                for record, imports in changed
            ],
        )

    def _write_stated_again(self) -> None:
        """Note that this import states old evidence too, so undoing the import that brought it keeps it."""
        rows = []
        for record in self.old:
            for id_, first, last in record.known_edges.values():
                if id_ in record.stated_again:
                    imports = imports_after(known=(first, last), import_id=self.import_id)
                    if imports != (first, last):
                        rows.append((id_, *imports))
        if rows:
            update_rows(model=Evidence, columns=("id", *IMPORTS), rows=rows)

    def _insert_evidence(self) -> set[_Key]:
        rows, strong = [], set()
        for record in (*self.old, *self.created):
            for key, (edge, source, observed_at) in record.new_edges.items():
                if edge.strength == "strong":
                    strong.add(key)
                rows.append((record.id, *edge, source, observed_at, "", self.import_id, self.import_id))
        if rows:
            columns = ("person_id", "kind", "key", "raw", "strength", "source", "observed_at", "retracted_by", *IMPORTS)
            insert_rows(model=Evidence, columns=columns, rows=rows)
        return strong


def imports_after(*, known: tuple[int | None, int | None], import_id: int | None) -> tuple[int | None, int | None]:
    """First and last import that state a row; None twice once something other than an import states it."""
    first, _ = known
    return (None, None) if first is None or import_id is None else (first, import_id)


def keys_among(*, sightings: Sequence[Sighting]) -> list[_Key]:
    """The (source, record key) of each sighting; the key is empty where nobody can be recognised."""
    return [(sighting.source, record_key_of(sighting=sighting)) for sighting in map(_storable, sightings)]


def _load_records(*, keys: set[_Key], whole: bool) -> dict[_Key, Record]:
    """The known records among these keys; their contents only where somebody states some that could change them."""
    known = {}
    columns = ("id", "source", "record_key", *IMPORTS, *(("observed_at", *FIELDS) if whole else ()))
    found = Person.objects.filter(among(column="record_key", values={key for _, key in keys}))
    for row in found.values_list(*columns).iterator(chunk_size=_FETCH):
        key = (row[1], row[2])
        if key in keys:
            observed_at, values = (row[5], row[6:]) if whole else (_NEVER, _NOTHING)
            known[key] = Record(row[0], key, values, observed_at, (row[3], row[4]))
    return known


def _storable(sighting: Sighting) -> Sighting:
    """The sighting without NUL characters, which PostgreSQL cannot store; nearly always the sighting itself."""
    if "\x00" not in "".join(_texts_of(sighting)) and len(sighting.source) <= 60:
        return sighting
    clean = {name: getattr(sighting, name).replace("\x00", "") for name in _TEXTS}
    return replace(sighting, **clean | {"source": sighting.source[:60]})
