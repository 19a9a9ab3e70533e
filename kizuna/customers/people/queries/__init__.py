"""Nouns about people: records, profiles, search, export."""

from kizuna.customers.people.queries.export import export_people
from kizuna.customers.people.queries.profile import EvidenceCard, Profile, SourceRecord, profile
from kizuna.customers.people.queries.records import (
    NoSuchPerson,
    erased_among,
    existing,
    find_people,
    names_of,
    records_of,
    root_of,
    served_by,
)
from kizuna.customers.people.queries.search import PersonHit, search

__all__ = [
    "EvidenceCard",
    "NoSuchPerson",
    "PersonHit",
    "Profile",
    "SourceRecord",
    "erased_among",
    "existing",
    "export_people",
    "find_people",
    "names_of",
    "profile",
    "records_of",
    "root_of",
    "search",
    "served_by",
]
