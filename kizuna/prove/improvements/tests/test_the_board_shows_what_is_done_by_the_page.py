"""What is done only ever grows; the board shows the newest of it and the way to the rest."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kizuna.prove.improvements.models import Improvement, ImprovementStore
from kizuna.prove.improvements.tests.shop import NOW, signed_in, stores

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)


def _done(*numbers: int, store: str = "") -> None:
    made = Improvement.objects.bulk_create(
        Improvement(
            title=f"済{number:03}",
            state="done",
            done_on=FIRST + timedelta(days=number),
            created_at=NOW,
            created_by="test",
        )
        for number in numbers
    )
    if store:
        ImprovementStore.objects.bulk_create(ImprovementStore(improvement=one, store=store) for one in made)


def _titles(page: str) -> list[str]:
    return re.findall(r"済\d{3}", page)


def _numbers(first: int, last: int) -> list[str]:
    """Counted down, both ends included."""
    return [f"済{number:03}" for number in range(first, last - 1, -1)]


def _page(client: Client, query: str = "", **headers: str) -> str:
    answer = client.get(f"/improvements/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_newest_stand_first_and_the_rest_is_a_click_away() -> None:
    _done(*range(45))
    client = signed_in("manager")
    first = _page(client)
    assert _titles(first) == _numbers(44, 25)
    assert re.search(r'id="column-done">完了 <span class="k-num">45</span>', first)
    assert 'hx-get="/improvements/?page=2"' in first
    assert "さらに表示" in first


def test_the_open_board_is_given_only_the_next_cards() -> None:
    _done(*range(45))
    client = signed_in("manager")
    more = _page(client, "?page=2", hx_request="true")
    assert _titles(more) == _numbers(24, 5)
    assert "<html" not in more
    assert 'hx-get="/improvements/?page=3"' in more
    last = _page(client, "?page=3", hx_request="true")
    assert _titles(last) == _numbers(4, 0)
    assert "さらに表示" not in last


def test_without_scripts_the_next_page_is_a_page_with_a_way_back() -> None:
    _done(*range(45))
    Improvement.objects.create(title="これから", created_at=NOW, created_by="test")
    second = _page(signed_in("manager"), "?page=2")
    assert _titles(second) == _numbers(24, 5)
    assert "これから" in second
    assert 'href="?page=1#column-done"' in second
    assert _titles(_page(signed_in("manager"), "?page=99")) == _numbers(4, 0)


def test_a_page_counts_only_what_concerns_the_chosen_and_the_own_stores() -> None:
    stores("honten", "nagoya")
    _done(*range(30), store="honten")
    _done(*range(100, 130), store="nagoya")
    _done(500)  # everywhere
    chosen = _page(signed_in("manager"), "?store=honten")
    assert _titles(chosen) == ["済500", *_numbers(29, 11)]
    assert 'hx-get="/improvements/?page=2&amp;store=honten"' in chosen
    own = signed_in("store_staff", store="nagoya")
    assert _titles(_page(own)) == ["済500", *_numbers(129, 111)]
    assert _titles(_page(own, "?page=2", hx_request="true")) == _numbers(110, 100)
    assert _titles(_page(own, "?store=honten")) == ["済500"]


def test_what_lies_ahead_stays_whole_with_what_is_due_first_on_top() -> None:
    Improvement.objects.bulk_create(
        Improvement(title=f"先{number:02}", due_on=due, created_at=NOW, created_by="test")
        for number, due in enumerate([None, *(FIRST - timedelta(days=day) for day in range(29))])
    )
    assert re.findall(r"先\d{2}", _page(signed_in("manager"))) == [f"先{n:02}" for n in (*range(29, 0, -1), 0)]


def test_the_board_asks_no_more_of_a_long_history() -> None:
    client = signed_in("manager")
    _done(*range(3))
    _page(client)
    with CaptureQueriesContext(connection) as few:
        _page(client)
    _done(*range(10, 210))
    with CaptureQueriesContext(connection) as many:
        _page(client)
    assert len(many) == len(few) <= 12
    with CaptureQueriesContext(connection) as more:
        _page(client, "?page=2", hx_request="true")
    assert len(more) <= len(many)
