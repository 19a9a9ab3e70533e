"""How facts are carried: columns of plain values, times as whole microseconds since 1970 UTC.

A column of integers encodes, decodes and turns into Arrow ten times faster than a column of
ISO strings, and a microsecond integer is exact.
"""

import os
import socket
import types
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from kizuna.clock import JST
from kizuna.facts.catalogue import CATALOGUE, Fact
from kizuna.words import Words

Kind = Literal["time", "int", "float", "bool", "text"]
_KINDS: dict[type, Kind] = {datetime: "time", int: "int", float: "float", bool: "bool", str: "text"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

ENTRY_FACTS = 20_000
WAKING_FACTS = 100
"""A waking entry is small, so that one fact whose reaction fails holds up few others."""

TRIES = 8

SILENT = timedelta(seconds=60)
"""A worker says every ten seconds that it lives; one that is silent for longer than this is taken for dead."""


CHECK_AGAIN = timedelta(hours=1)
"""While something does not hold it is asked again so often: what was mended, or was only late, says so soon."""
CHECK_LEASE = timedelta(hours=1)
"""A check that has not come to its end by then was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that does not hold: how often, with some of the things that break it."""

    rule: str
    words: Words
    count: int
    examples: tuple[str, ...]


def is_check_due(*, checked_at: datetime | None, begun_at: datetime | None, broken: bool, now: datetime) -> bool:
    """Whether what must always hold is to be asked: once each day in Japan, so mostly just after midnight.

    More often while something is ``broken``; never while somebody is at it.
    """
    if begun_at is not None and begun_at <= now < begun_at + CHECK_LEASE:
        return False
    if checked_at is None or checked_at.astimezone(JST).date() != now.astimezone(JST).date():
        return True
    return broken and now >= checked_at + CHECK_AGAIN


def worker_name() -> str:
    """What a worker in this process is called: its host and its process id."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def kinds_of(*, fact: type[Fact]) -> dict[str, Kind]:
    """Column name → kind of value, from the dataclass annotations; this is the schema of the lake too."""
    return _KINDS_OF[fact.__name__]


def defaults_of(*, fact: type[Fact]) -> dict[str, object]:
    """Columns that may be left out, with what they then hold; an optional value without a default is NULL."""
    return _DEFAULTS_OF[fact.__name__]


def to_columns(*, fact: type[Fact], facts: Sequence[Fact]) -> dict[str, list[object]]:
    """The facts, all exactly of type ``fact``, turned on their side."""
    return {name: [getattr(one, name) for one in facts] for name in kinds_of(fact=fact)}


def complete_columns(*, fact: type[Fact], columns: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
    """``columns`` in the order of the fact with defaults filled in and times as microseconds.

    Raises: ValueError for an unknown, missing or shorter column or a time without a zone.
    """
    kinds, defaults = kinds_of(fact=fact), defaults_of(fact=fact)
    unknown = set(columns) - set(kinds)
    lengths = {len(values) for values in columns.values()}
    if unknown or len(lengths) != 1:
        raise ValueError(f"columns of {fact.__name__}: unknown {sorted(unknown)}, lengths {sorted(lengths)}")
    length = lengths.pop()
    complete: dict[str, Sequence[object]] = {}
    for name, kind in kinds.items():
        if name not in columns:
            if name not in defaults:
                raise ValueError(f"{fact.__name__}.{name} is missing")
            complete[name] = [defaults[name]] * length
        elif kind == "time":
            complete[name] = _micros_of(values=columns[name])
        else:
            complete[name] = columns[name]
    return complete


def pack(*, columns: Mapping[str, Sequence[object]]) -> bytes:
    """Columns as bytes for the outbox; level 1 shrinks them about eightfold for a tenth of the time to encode."""
    return zlib.compress(msgspec.json.encode(columns), 1)


def unpack(*, payload: bytes) -> dict[str, list[Any]]:
    """What ``pack`` was given; times stay microseconds."""
    decoded: dict[str, list[Any]] = msgspec.json.decode(zlib.decompress(payload), type=dict[str, list[Any]])
    return decoded


def to_facts(*, fact_type: str, payload: bytes) -> list[Fact]:
    """The facts of one entry in their order."""
    fact = CATALOGUE[fact_type]
    columns = unpack(payload=payload)
    kinds = kinds_of(fact=fact)
    for name, kind in kinds.items():
        if kind == "time" and name in columns:
            columns[name] = [None if value is None else from_micros(micros=value) for value in columns[name]]
    names = [name for name in kinds if name in columns]
    return [fact(**dict(zip(names, row, strict=True))) for row in zip(*(columns[name] for name in names), strict=True)]


def to_micros(*, value: object) -> int:
    """Microseconds since 1970 UTC.

    Raises: ValueError for anything but an aware datetime.
    """
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"a fact's time must be an aware datetime, not {value!r}")
    return (value - _EPOCH) // _MICROSECOND


def _micros_of(*, values: Sequence[object]) -> list[int | None]:
    """``to_micros`` for a column, without a call per value."""
    for value in values:
        if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
            raise ValueError(f"a fact's time must be an aware datetime, not {value!r}")
    epoch, unit = _EPOCH, _MICROSECOND
    return [None if value is None else (value - epoch) // unit for value in values]  # type: ignore[operator]


def from_micros(*, micros: int) -> datetime:
    """The aware UTC time."""
    return _EPOCH + timedelta(microseconds=micros)


def wait_after(*, attempts: int) -> timedelta:
    """How long a failed reaction waits: 2 s doubling to about 4 minutes, so that eight tries span some ten minutes."""
    return timedelta(seconds=float(2 ** min(attempts, 8)))


def _kind(*, hint: object) -> Kind:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if not isinstance(hint, type) or hint not in _KINDS:
        raise TypeError(f"a fact cannot carry {hint!r}: ids, codes, numbers and times only")
    return _KINDS[hint]


def _read_kinds(*, fact: type[Fact]) -> dict[str, Kind]:
    hints = get_type_hints(fact)
    return {field.name: _kind(hint=hints[field.name]) for field in fields(fact)}


def _read_defaults(*, fact: type[Fact]) -> dict[str, object]:
    hints = get_type_hints(fact)
    defaults: dict[str, object] = {}
    for field in fields(fact):
        if field.default is not MISSING:
            defaults[field.name] = field.default
        elif type(None) in get_args(hints[field.name]):
            defaults[field.name] = None
    return defaults


_KINDS_OF = {name: _read_kinds(fact=fact) for name, fact in CATALOGUE.items()}
_DEFAULTS_OF = {name: _read_defaults(fact=fact) for name, fact in CATALOGUE.items()}
