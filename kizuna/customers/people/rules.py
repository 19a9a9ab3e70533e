"""Pure decisions about people: what a sighting is, and how names, mails and phones are keyed."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A customer as one source saw them, untouched. Every field may be empty; nothing is guessed or split.

    ``account_id``, ``card_no`` and ``line_id`` are ids within ``source``; mail and phone are not.
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
