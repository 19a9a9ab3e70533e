"""Messages, coupons, tasks, practices and tags stand on the customer's line of time; what is to come, above it."""

import pytest
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn
from kizuna.web.tests.kindness import ask, give, practise, write, yesterday_noon


@pytest.fixture
def kindness(shop: int) -> int:
    """The customer has been written to, given to, tried and is to be called."""
    noon = yesterday_noon()
    practise(person=shop, name="tea-tag", title="お茶のご案内", held_out=False, now=noon)
    practise(person=shop, name="kept-apart", title="誕生日のお祝い", held_out=True, now=noon)
    write(person=shop, now=noon)
    give(person=shop, now=noon)
    ask(person=shop, now=noon, overdue=True)
    return shop


def _page(signed_in: SignedIn, role: Role, person: int) -> str:
    return signed_in(role).get(f"/customers/{person}/").content.decode()


def test_everything_done_for_them_is_there(kindness: int, signed_in: SignedIn) -> None:
    page = _page(signed_in, Role.OWNER, kindness)
    assert "お礼の手紙" in page
    assert "特典「次回500円引き」をお渡し" in page
    assert "特典「次回500円引き」を利用" in page
    assert "特典「次回500円引き」の利用を取り消し" in page
    assert "接客方法「お茶のご案内」" in page
    assert "進行中" in page


def test_what_is_to_come_stands_above(kindness: int, signed_in: SignedIn) -> None:
    page = _page(signed_in, Role.OWNER, kindness)
    ahead = page.partition('class="k-ahead"')[2].partition("</ul>")[0]
    assert "田中 0様にお電話" in ahead
    assert "期限切れ" in ahead
    assert "お礼の手紙" in ahead
    assert "様にお電話" not in page.partition('class="k-timeline"')[2]


def test_only_those_who_compare_see_who_is_left_untouched(kindness: int, signed_in: SignedIn) -> None:
    for role in (Role.OWNER, Role.MANAGER):
        page = _page(signed_in, role, kindness)
        assert "比較用（何もしません）" in page
        assert "誕生日のお祝い" in page
    served = _page(signed_in, Role.AGENT, kindness)
    assert "お茶のご案内" in served
    assert "誕生日のお祝い" not in served
    assert "比較用" not in served


def test_in_english_too(kindness: int, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    client.post("/language/", {"language": "en", "next": "/"})
    page = client.get(f"/customers/{kindness}/").content.decode()
    assert "Used: 500 yen off" in page
    assert "For comparison (nothing is done)" in page
    assert "Overdue" in page


def test_it_still_keeps_to_twelve_statements(
    kindness: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(Role.OWNER)
    client.post(f"/customers/{kindness}/note/", {"text": "いつもの席で", "kind": "till", "store": "kyoto"})
    client.get(f"/customers/{kindness}/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/customers/{kindness}/").content.decode()
    assert "いつもの席で" in page
    assert "会計時の会話" in page
