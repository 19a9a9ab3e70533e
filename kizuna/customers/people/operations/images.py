"""Person records as the text a before-image keeps."""

from datetime import date, datetime

import msgspec

from kizuna.customers.people.rules import FIELDS

_BIRTH_DATE = FIELDS.index("birth_date")


def image_of(*, before: tuple[tuple[object, ...], datetime] | None) -> str:
    """The record's values and the time they were observed at, as JSON."""
    return msgspec.json.encode(before).decode()


def read_image(*, content: str) -> tuple[tuple[object, ...], datetime]:
    """The values and time that ``image_of`` wrote."""
    values, observed_at = msgspec.json.decode(content)
    born = values[_BIRTH_DATE]
    values[_BIRTH_DATE] = date.fromisoformat(born) if born else None
    return tuple(values), datetime.fromisoformat(observed_at)
