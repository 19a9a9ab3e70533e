"""Set-wise writing to the application database, and the labelled steps of the fault tests.

Django's ``bulk_create`` builds an object per row; an import of hundreds of thousands of lines needs
``COPY`` on PostgreSQL and ``executemany`` on SQLite instead. Every function here must run inside the
caller's transaction: half an import must never be visible.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any

from django.db import connection, models, transaction
from django.db.models.options import Options

_KILL_LABEL, _, _KILL_AT = os.environ.get("KIZUNA_KILL_AT", "").partition(":")
_passed = count(1)


def reach(*, label: str) -> None:
    """Mark a step between two stores. ``KIZUNA_KILL_AT=label:n`` kills the process with SIGKILL there, the n-th time.

    A fault test can only prove that no step loses or doubles a fact when it can stop exactly there;
    without the variable this is one comparison.
    """
    if label == _KILL_LABEL and next(_passed) >= int(_KILL_AT or 1):
        os.kill(os.getpid(), signal.SIGKILL)


def reserve_ids(*, model: type[models.Model], count: int) -> range:
    """Take ``count`` consecutive primary keys of ``model`` that nobody else will get.

    Raises: TransactionManagementError outside a transaction.
    """
    _require_transaction()
    if count <= 0:
        return range(0)
    if connection.vendor == "postgresql":
        return _reserve_on_postgresql(model=model, count=count)
    return _reserve_on_sqlite(model=model, count=count)


def insert_rows(*, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert rows given as tuples in the order of ``columns`` (field names or ``…_id``); answers how many.

    Python-side field defaults are not applied: name every column that has no database default.

    Raises: TransactionManagementError outside a transaction.
    """
    _require_transaction()
    names = [_column(model=model, name=name) for name in columns]
    converted = _convert(model=model, columns=columns, rows=rows)
    if connection.vendor == "postgresql":
        return _copy(table=_quote(_options(model).db_table), names=names, slices=converted)
    places = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {_quote(_options(model).db_table)} ({', '.join(names)}) VALUES ({places})"
    return _execute_many(sql=sql, slices=converted)


def insert_new_rows(*, model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, leaving out those that a unique constraint finds there already, whoever wrote them.

    Name the primary key (``reserve_ids``) to see afterwards which of them stand, and give the rows in the order of
    the unique columns: two workers with the same rows then wait for each other and never in a ring.

    Raises: TransactionManagementError outside a transaction.
    """
    _require_transaction()
    names = [_column(model=model, name=name) for name in columns]
    converted = _convert(model=model, columns=columns, rows=rows)
    table, listed = _quote(_options(model).db_table), ", ".join(names)
    if connection.vendor == "postgresql" and len(rows) > _FEW:
        incoming = _incoming(table=table, listed=listed)
        _copy(table=incoming, names=names, slices=converted)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {incoming} ORDER BY {names[0]}"
                " ON CONFLICT DO NOTHING"
            )
            cursor.execute(f"DROP TABLE {incoming}")
        return
    places = ", ".join(["%s"] * len(names))
    _execute_many(sql=f"INSERT INTO {table} ({listed}) VALUES ({places}) ON CONFLICT DO NOTHING", slices=converted)


def update_rows(*, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Update rows by primary key, which is the first of ``columns``; answers how many rows were given.

    Raises: TransactionManagementError outside a transaction.
    """
    _require_transaction()
    names = [_column(model=model, name=name) for name in columns]
    converted = _convert(model=model, columns=columns, rows=rows)
    table = _quote(_options(model).db_table)
    if connection.vendor == "postgresql":
        return _update_on_postgresql(table=table, names=names, slices=converted)
    changes = ", ".join(f"{name} = %s" for name in names[1:])
    sql = f"UPDATE {table} SET {changes} WHERE {names[0]} = %s"
    return _execute_many(sql=sql, slices=([*changed, key] for key, *changed in converted))


def hold(*, lock: int) -> None:
    """Wait until no other transaction holds this lock, and keep others waiting until this transaction ends.

    ``lock`` is any constant, one for each kind of writing. SQLite needs nothing: BEGIN IMMEDIATE already
    admits one writer.

    Raises: TransactionManagementError outside a transaction.
    """
    _require_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("set-wise writing must run inside transaction.atomic()")


def _options(model: type[models.Model]) -> "Options[models.Model]":
    return model._meta  # noqa: SLF001  Django documents it as public


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _field(*, model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = _options(model).get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is not a column")
    return field


def _column(*, model: type[models.Model], name: str) -> str:
    return _quote(str(_field(model=model, name=name).column))


_SLICE = 20_000
_FEW = 100
"""Up to so many rows a temporary table costs more than it saves."""
_Columns = list[Sequence[object]]


def _execute_many(*, sql: str, slices: Iterable[_Columns]) -> int:
    written = 0
    with connection.cursor() as cursor:
        for columns in slices:
            cursor.executemany(sql, zip(*columns, strict=True))  # type: ignore[arg-type]  # an iterator will do
            written += len(columns[0])
    return written


_AS_THEY_ARE = (
    models.IntegerField,
    models.AutoField,
    models.FloatField,
    models.BooleanField,
    models.CharField,
    models.TextField,
    models.BinaryField,
    models.ForeignKey,
)
"""Fields whose Python value both drivers take unchanged; asking Django for each value would triple the time."""


def _sqlite_datetime(value: datetime) -> str:
    # The text form Django itself stores: UTC without an offset (which UTC prints as «+00:00»).
    return str(value.astimezone(UTC))[:-6]


def _datetimes(values: Sequence[object]) -> Sequence[object]:
    """As text, which PostgreSQL's driver, too, writes two and a half times faster than a datetime."""
    as_text = str if connection.vendor == "postgresql" else _sqlite_datetime
    first = values[0]
    if values.count(first) == len(values):  # «now», or nothing at all
        return [as_text(first) if isinstance(first, datetime) else first] * len(values)
    return [as_text(value) if isinstance(value, datetime) else value for value in values]


def _converter(*, field: "models.Field[Any, Any]") -> Callable[[Sequence[object]], Sequence[object]] | None:
    if isinstance(field, models.DateTimeField):
        return _datetimes
    if isinstance(field, _AS_THEY_ARE):
        return None

    def convert(values: Sequence[object]) -> Sequence[object]:
        return [field.get_db_prep_save(value, connection) for value in values]

    return convert


def _convert(
    *, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[_Columns]:
    """The rows as slices of columns: a column of one kind converts without a Python step per value that needs none."""
    converters = [_converter(field=_field(model=model, name=name)) for name in columns]
    source = iter(rows)
    while part := list(islice(source, _SLICE)):
        turned: _Columns = list(zip(*part, strict=True))
        if len(turned) != len(columns):
            raise ValueError(f"{len(turned)} values for {len(columns)} columns of {model.__name__}")
        yield [
            values if converter is None else converter(values)
            for converter, values in zip(converters, turned, strict=True)
        ]


def _copy(*, table: str, names: Sequence[str], slices: Iterable[_Columns]) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for columns in slices:
            for row in zip(*columns, strict=True):
                copy.write_row(row)
            written += len(columns[0])
    return written


def _incoming(*, table: str, listed: str) -> str:
    """An empty temporary table with these columns of ``table``."""
    incoming = _quote("incoming_rows")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {incoming} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
    return incoming


def _update_on_postgresql(*, table: str, names: Sequence[str], slices: Iterable[_Columns]) -> int:
    incoming = _incoming(table=table, listed=", ".join(names))
    written = _copy(table=incoming, names=names, slices=slices)
    with connection.cursor() as cursor:
        changes = ", ".join(f"{name} = {incoming}.{name}" for name in names[1:])
        cursor.execute(f"UPDATE {table} SET {changes} FROM {incoming} WHERE {table}.{names[0]} = {incoming}.{names[0]}")
        cursor.execute(f"DROP TABLE {incoming}")
    return written


def _reserve_on_sqlite(*, model: type[models.Model], count: int) -> range:
    # BEGIN IMMEDIATE holds the write lock, so nobody else can read or move the counter meanwhile.
    table, key = _options(model).db_table, _quote(str(_options(model).pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(coalesce((SELECT max({key}) FROM {_quote(table)}), 0),"
            " coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = int(cursor.fetchone()[0])
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + count])
    return range(last + 1, last + count + 1)


def _reserve_on_postgresql(*, model: type[models.Model], count: int) -> range:
    """Draw from the table's own sequence until the numbers run without a gap.

    The session lock keeps two reservations apart; only a single INSERT of someone else can still
    take a number in between, and then the run after that gap is continued.
    """
    table, key = _options(model).db_table, str(_options(model).pk.column)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quote(table), key])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [sequence])
        try:
            first, length = 0, 0
            while length < count:
                missing = count - length
                cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, missing])
                for (number,) in cursor.fetchall():
                    first, length = (first, length + 1) if number == first + length else (number, 1)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [sequence])
    return range(first, first + count)
