"""Make what was erased unreadable in the database's own files."""

from django.apps import apps
from django.db import connection

_NOTHING = "Personal data: none."


def scrub_database() -> None:
    """Rewrite the files that still hold the old text of changed rows. Call it outside a transaction.

    An UPDATE leaves the former words in free pages (SQLite) or dead rows (PostgreSQL) until they are
    overwritten. SQLite is rewritten whole and its log emptied; on PostgreSQL the tables whose model says
    it holds personal data are. Its write-ahead log keeps older bytes until the segments are reused, as
    backups do: see decision 0005.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        held = [model for model in apps.get_models() if _NOTHING not in (model.__doc__ or "")]
        ours = sorted(
            model._meta.db_table  # noqa: SLF001 (Django's documented name)
            for model in held
            if model.__module__.startswith("kizuna.") and "Personal data:" in (model.__doc__ or "")
        )
        for table in ours:
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
        cursor.execute("CHECKPOINT")
