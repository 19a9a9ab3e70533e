"""Verbs on imports: import a file, queue one, advance what is due, take one back, erase."""

from kizuna.connectors.tables.operations.files import erase_people, expire_files
from kizuna.connectors.tables.operations.imports import FileChanged, ImportResult, import_file, run_due
from kizuna.connectors.tables.operations.undo import CannotUndo, NoSuchImport, undo

__all__ = [
    "CannotUndo",
    "FileChanged",
    "ImportResult",
    "NoSuchImport",
    "erase_people",
    "expire_files",
    "import_file",
    "run_due",
    "undo",
]
