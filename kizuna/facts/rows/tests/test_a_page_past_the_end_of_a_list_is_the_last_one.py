"""Which part of a long list a page shows."""

import pytest

from kizuna.facts.rows.rules import leaf


@pytest.mark.parametrize(
    ("count", "page", "shown", "pages", "part"),
    [
        (0, 1, 1, 1, slice(0, 50)),
        (50, 1, 1, 1, slice(0, 50)),
        (51, 2, 2, 2, slice(50, 100)),
        (51, 9, 2, 2, slice(50, 100)),
        (120, 0, 1, 3, slice(0, 50)),
    ],
)
def test_a_page_is_cut_from_the_list(count: int, page: int, shown: int, pages: int, part: slice) -> None:
    found = leaf(count=count, page=page, size=50)
    assert (found.page, found.pages, found.part) == (shown, pages, part)
