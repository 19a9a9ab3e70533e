"""Verbs on people: record, resolve, merge, un-merge, undo, erase."""

from kizuna.customers.people.operations.erase import erase_people
from kizuna.customers.people.operations.merge import NothingToMerge, merge_people, retract_evidence
from kizuna.customers.people.operations.record import (
    NobodyToRecognise,
    record_people,
    recorded_people,
    resolve_people,
)
from kizuna.customers.people.operations.scrub import scrub_database
from kizuna.customers.people.operations.ties import tie_to_stores
from kizuna.customers.people.operations.undo import undo_import

__all__ = [
    "NothingToMerge",
    "NobodyToRecognise",
    "erase_people",
    "merge_people",
    "record_people",
    "recorded_people",
    "resolve_people",
    "retract_evidence",
    "scrub_database",
    "tie_to_stores",
    "undo_import",
]
