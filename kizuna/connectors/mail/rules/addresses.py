"""Mail addresses as servers take them, and the names by which a mail that came back is recognised."""

import re
from hashlib import blake2b

from kizuna.errors import Invalid
from kizuna.words import Words

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LOCAL = re.compile(r"[\x21-\x7e]{1,64}\Z")
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\Z"
)


class BadAddress(Invalid):
    """No server can deliver to this address."""

    code = "bad_mail_address"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="メールアドレスの形が正しくないため、送れません。",
                en="The mail address is malformed, so nothing can be sent to it.",
            )
        )


def address_for_server(*, address: str) -> str:
    """The address as SMTP takes it.

    Japanese carriers once gave out addresses that break the standard (``a..b@``, ``c.@docomo.ne.jp``). They
    are deliverable when the part before the @ is quoted.

    Raises: BadAddress.
    """
    local, at, domain = address.strip().rpartition("@")
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    if quoted:
        local = local[1:-1]
    if not at or not _LOCAL.match(local) or (not quoted and re.search(r'[\s"(),:;<>@\[\]\\]', local)):
        raise BadAddress
    try:
        domain = domain.encode("ascii").decode() if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise BadAddress from error
    if not _DOMAIN.match(domain):
        raise BadAddress
    if not _ATOMS.match(local):
        local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{local}@{domain}"


def address_for_header(*, address: str) -> str:
    """The address as it stands in a header: the same, checked the same way.

    Raises: BadAddress.
    """
    return address_for_server(address=address)


def header_id(*, key: str, domain: str) -> str:
    """The Message-ID of a message: fixed by its key, so that a second attempt is recognisably the same mail."""
    return f"<{token_of(key=key)}@{domain or 'kizuna.invalid'}>"


def token_of(*, key: str) -> str:
    """The message's name in Message-ID and return path. 26 letters: case may be lost on the way."""
    digest = blake2b(key.encode(), digest_size=16).digest()
    return "kz" + format(int.from_bytes(digest, "big"), "x").rjust(32, "0")


def verp(*, return_path: str, key: str) -> str:
    """The return path of one mail: ``bounces@shop.jp`` → ``bounces+kz…@shop.jp``, so that any bounce names its mail."""
    local, _, domain = return_path.rpartition("@")
    return f"{local}+{token_of(key=key)}@{domain}"


TOKEN = re.compile(r"kz[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
"""Finds our mails' names in whatever came back."""
