"""Nouns about mail: how it is sent, what lies in the outbox, what came back."""

from kizuna.connectors.mail.queries.configuration import Configuration, configuration, is_set_outside, server_tally
from kizuna.connectors.mail.queries.outbox import OutboxCard, OutboxLetter, letter, letters, outbox_tally
from kizuna.connectors.mail.queries.returned import (
    ReturnCard,
    replies,
    reply_count,
    reply_tally,
    return_named,
    returned,
    returned_counts,
)

__all__ = [
    "Configuration",
    "OutboxCard",
    "OutboxLetter",
    "ReturnCard",
    "configuration",
    "is_set_outside",
    "letter",
    "letters",
    "outbox_tally",
    "replies",
    "reply_count",
    "reply_tally",
    "return_named",
    "returned",
    "returned_counts",
    "server_tally",
]
