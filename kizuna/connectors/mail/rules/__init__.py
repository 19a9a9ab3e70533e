"""Pure decisions about mail: how one is written, and what one that came back says."""

from kizuna.connectors.mail.rules.addresses import BadAddress, address_for_header, address_for_server, header_id, verp
from kizuna.connectors.mail.rules.letters import Letter, Sender, compose
from kizuna.connectors.mail.rules.returns import Return, read_return

__all__ = [
    "BadAddress",
    "Letter",
    "Return",
    "Sender",
    "address_for_header",
    "address_for_server",
    "compose",
    "header_id",
    "read_return",
    "verp",
]
