"""Nouns about mail: how it is sent, what lies in the outbox, what came back."""

from kizuna.connectors.mail.queries.configuration import Configuration, configuration
from kizuna.connectors.mail.queries.outbox import OutboxCard, OutboxLetter, letter, letters
from kizuna.connectors.mail.queries.returned import ReturnCard, return_named, returned, returned_counts

__all__ = [
    "Configuration",
    "OutboxCard",
    "OutboxLetter",
    "ReturnCard",
    "configuration",
    "letter",
    "letters",
    "return_named",
    "returned",
    "returned_counts",
]
