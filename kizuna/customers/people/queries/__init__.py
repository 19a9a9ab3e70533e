"""Nouns about people: records, profiles, search, export."""

from kizuna.customers.people.queries.clusters import Born, born_on, cluster_ids, clusters_of, roots_of
from kizuna.customers.people.queries.contacts import Contact, contacts_of
from kizuna.customers.people.queries.export import export_people
from kizuna.customers.people.queries.profile import EvidenceCard, Profile, SourceRecord, profile
from kizuna.customers.people.queries.records import (
    NoSuchPerson,
    erased_among,
    existing,
    find_people,
    holders_of,
    names_of,
    records_of,
    root_of,
    served_by,
    stores_of,
)
from kizuna.customers.people.queries.search import PersonHit, search

__all__ = [
    "Contact",
    "Born",
    "EvidenceCard",
    "NoSuchPerson",
    "PersonHit",
    "Profile",
    "SourceRecord",
    "born_on",
    "cluster_ids",
    "clusters_of",
    "contacts_of",
    "erased_among",
    "existing",
    "export_people",
    "find_people",
    "holders_of",
    "names_of",
    "profile",
    "records_of",
    "root_of",
    "roots_of",
    "search",
    "served_by",
    "stores_of",
]
