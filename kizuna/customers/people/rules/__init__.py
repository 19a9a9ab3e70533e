"""Pure decisions about people: what a sighting is, how names, mails and phones are keyed, who belongs together."""

from kizuna.customers.people.rules.clusters import components
from kizuna.customers.people.rules.images import unwound
from kizuna.customers.people.rules.keys import (
    MailKey,
    PhoneKey,
    fold_text,
    kana_key,
    mail_key,
    name_key,
    phone_key,
    phone_shown,
    postcode_key,
)
from kizuna.customers.people.rules.sightings import (
    FIELDS,
    KEYS,
    Edge,
    Sighting,
    edges_of,
    keys_of,
    merged_values,
    record_key_of,
    shown_name,
)

__all__ = [
    "FIELDS",
    "KEYS",
    "Edge",
    "MailKey",
    "PhoneKey",
    "Sighting",
    "components",
    "edges_of",
    "fold_text",
    "kana_key",
    "keys_of",
    "mail_key",
    "merged_values",
    "name_key",
    "phone_key",
    "phone_shown",
    "postcode_key",
    "record_key_of",
    "shown_name",
    "unwound",
]
