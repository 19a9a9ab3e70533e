"""Undo as a pure decision over the before-images of one row."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What a row said before the write of ``import_id`` (None: not an import) changed it."""

    id: int
    import_id: int | None
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwound:
    """What undoing an import asks for: one row's new content, its images' new contents, and what goes."""

    delete_row: bool = False
    restore: str | None = None
    rewrite: tuple[tuple[int, str], ...] = ()
    drop: tuple[int, ...] = ()
    created_by: int | None = None
    """Set when a later import becomes the one that created the row."""
    creator_changes: bool = False


def unwound(*, images: Sequence[Image], import_id: int, created: bool) -> Unwound:
    """Take one import's writes out of a row's history, wherever they stand in it.

    The images are oldest first. If the import wrote last, the row goes back to what it said before;
    if another write came after, the row keeps that later content and the later image inherits the
    older one. A row the import created goes altogether, unless somebody wrote to it afterwards.
    """
    carried: str | None = None
    creating = created
    rewrite: list[tuple[int, str]] = []
    drop: list[int] = []
    creator: int | None = None
    for image in images:
        if image.import_id == import_id:
            drop.append(image.id)
            if not creating and carried is None:
                carried = image.content
        elif creating:
            drop.append(image.id)
            creator, creating = image.import_id, False
        elif carried is not None:
            rewrite.append((image.id, carried))
            carried = None
    return Unwound(
        delete_row=creating,
        restore=None if creating else carried,
        rewrite=tuple(rewrite),
        drop=tuple(drop),
        created_by=creator,
        creator_changes=created and not creating,
    )
