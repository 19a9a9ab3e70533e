"""Pure decisions about stores, and how long a list one SQL statement of this room may carry."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")

_LONGEST_LIST = 10_000
"""SQLite accepts 32,766 bound values in a statement; a third leaves room for the others."""


def slices(*, items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The items in runs short enough for one IN list."""
    for start in range(0, len(items), _LONGEST_LIST):
        yield items[start : start + _LONGEST_LIST]


def store_key(*, text: str) -> str:
    """The code under which a store named in a file is kept: as written, without surrounding space."""
    return text.replace("\x00", "").strip()[:60]
