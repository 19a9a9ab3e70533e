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


_WEB_WORDS = ("web", "online", "オンライン", "通販", "ウェブ", "ネット", "楽天", "amazon")


def store_kind(*, name: str) -> str:
    """``web`` for a store whose name says so, else ``shop``; staff can change it."""
    folded = name.lower()
    return "web" if folded == "ec" or any(word in folded for word in _WEB_WORDS) else "shop"


def store_key(*, text: str) -> str:
    """The code under which a store named in a file is kept: as written, without surrounding space."""
    return text.replace("\x00", "").strip()[:60]
