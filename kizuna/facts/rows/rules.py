"""What recording one thing out of many came to, and which of many a page shows."""

from dataclasses import dataclass
from typing import Literal

from kizuna.errors import Invalid

Recorded = Literal["created", "amended", "unchanged"]
Outcome = Recorded | Invalid
"""Set-wise ``record_*`` operations answer one outcome per record, in order; a refusal is a value there, not a raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a long list: its number, how many there are, and the part of the list it shows."""

    page: int
    pages: int
    part: slice


def leaf(*, count: int, page: int, size: int) -> Leaf:
    """The page asked for; one past the end is the last one, and an empty list has one page too."""
    pages = max(1, -(-count // size))
    page = min(max(page, 1), pages)
    return Leaf(page=page, pages=pages, part=slice((page - 1) * size, page * size))
