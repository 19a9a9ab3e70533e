"""What a sighting is, which record it belongs to and which evidence it brings."""

import re
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from kizuna.customers.people.rules.keys import kana_key, mail_key, name_key, phone_key, postcode_key


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as one source saw them, untouched. Every field may be empty; nothing is guessed or split.

    ``account_id``, ``card_no`` and ``line_id`` are ids within ``source``; mail and phone are not.
    A struct and not a dataclass: an import makes one per row, and a frozen dataclass sets its fields one by one.
    """

    source: str
    observed_at: datetime
    account_id: str = ""
    card_no: str = ""
    line_id: str = ""
    email: str = ""
    phone: str = ""
    display_name: str = ""
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    company: str = ""
    postcode: str = ""
    prefecture: str = ""
    city: str = ""
    address: str = ""
    sex: str = ""
    birth_date: date | None = None
    accepts_mail: bool | None = None
    note: str = ""


FIELDS = (
    "display_name",
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "company",
    "email",
    "phone",
    "postcode",
    "prefecture",
    "city",
    "address",
    "sex",
    "birth_date",
    "accepts_mail",
    "note",
)
"""What a person record keeps of a sighting, in the columns' order."""

KEYS = ("name_key", "kana_key", "mail_flags")
"""The folded columns beside them."""

_EMPTY: tuple[object, ...] = ("", None)
_LINE_USER = re.compile(r"^U[0-9a-f]{32}$")


class Edge(NamedTuple):
    """One key a record was seen with."""

    kind: str
    key: str
    raw: str
    strength: str


def shown_name(*, display_name: str, family_name: str, given_name: str, company: str) -> str:
    """The name to print: as the source wrote it, never split by guess."""
    return display_name or " ".join(part for part in (family_name, given_name) if part) or company


def record_key_of(*, sighting: Sighting) -> str:
    """Which record of its source a sighting belongs to; empty when nothing tells this customer from another.

    A name alone identifies nobody: there are thousands of 田中 太郎.
    """
    for kind, text in (("account", sighting.account_id), ("card", sighting.card_no), ("line", sighting.line_id)):
        if text and text.strip():
            return f"{kind}:{text.strip()}"
    mail = mail_key(text=sighting.email) if sighting.email else None
    if mail and mail.key and "placeholder" not in mail.flags:
        return f"mail:{mail.key}"
    name = name_key(text=_full_name(sighting)) or name_key(text=sighting.company)
    phone = phone_key(text=sighting.phone).key
    if phone:
        return f"phone:{phone}:{name}"
    postcode = postcode_key(text=sighting.postcode)
    place = name_key(text=sighting.prefecture + sighting.city + sighting.address)
    return f"address:{name}:{postcode}:{place}" if name and place else ""


def edges_of(*, sighting: Sighting) -> list[Edge]:
    """The evidence in a sighting. A phone is weak: in Japan a family shares one."""
    edges = []
    source = sighting.source
    if account := sighting.account_id.strip():
        edges.append(Edge("account", f"{source}:{account}", sighting.account_id, "strong"))
    if card := sighting.card_no.strip():
        key = card if _is_company_card(card) else f"{source}:{card}"
        edges.append(Edge("card", key, sighting.card_no, "strong"))
    if user := sighting.line_id.strip():
        # LINE's own user ids are the same for every system of one company; other ids are the source's own.
        edges.append(Edge("line", user if _LINE_USER.match(user) else f"{source}:{user}", sighting.line_id, "strong"))
    if sighting.email:
        mail = mail_key(text=sighting.email)
        if mail.key:
            strength = "weak" if "placeholder" in mail.flags else "strong"
            edges.append(Edge("mail", mail.key, sighting.email, strength))
    if sighting.phone:
        phone = phone_key(text=sighting.phone)
        if phone.key:
            edges.append(Edge("phone", phone.key, sighting.phone, "weak"))
    return edges


def keys_of(*, values: tuple[object, ...]) -> tuple[str, str, str]:
    """The ``KEYS`` columns of a record with these ``FIELDS``."""
    display_name, family, given, family_kana, given_kana, company, email = (str(value) for value in values[:7])
    flags = ",".join(mail_key(text=email).flags) if email else ""
    return (name_key(text=family + given or display_name or company), kana_key(text=family_kana + given_kana), flags)


def _is_company_card(text: str) -> bool:
    """Whether a card number is a member card's 13-digit in-store JAN (2…, valid check digit).

    Such a card is one company's own, so the till and the web shop mean the same card by it; any other
    number may be counted up by each system for itself.
    """
    if len(text) != 13 or not (text.isascii() and text.isdigit() and text.startswith("2")):
        return False
    digits = [int(digit) for digit in text]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def merged_values(*, known: tuple[object, ...], seen: tuple[object, ...], newer: bool) -> tuple[object, ...]:
    """The known values after a sighting: a newer one replaces what it states, an older one only fills gaps."""
    if newer:
        return tuple(old if new in _EMPTY else new for old, new in zip(known, seen, strict=True))
    return tuple(new if old in _EMPTY else old for old, new in zip(known, seen, strict=True))


def _full_name(sighting: Sighting) -> str:
    return sighting.family_name + sighting.given_name or sighting.display_name
