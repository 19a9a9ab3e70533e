"""The budget of SQL statements, with a shop's data behind the pages."""

import pytest
from pytest_django import DjangoAssertNumQueries

from kizuna.customers.staff.rules import Role
from kizuna.web.tests.conftest import SignedIn

PAGES = (
    *("/", "/voices/", "/journey/", "/journey/?metric=csat", "/metrics/", "/metrics/nps/", "/metrics/sales/"),
    *("/metrics/nps/?by=store", "/metrics/cohorts/", "/metrics/top/", "/customers/"),
    *("/settings/", "/settings/staff/", "/settings/stores/", "/settings/parked/", "/settings/audit/"),
    *("/settings/status/", "/settings/me/", "/settings/company/"),
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.OWNER, Role.STORE_STAFF])
def test_a_page_keeps_to_the_budget(
    page: str,
    role: Role,
    shop: int,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(role)
    client.get(page)
    with django_assert_max_num_queries(12):
        assert client.get(page).status_code in {200, 403}


def test_a_customer_keeps_to_the_budget(
    shop: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(Role.OWNER)
    client.post(f"/customers/{shop}/note/", {"text": "いつもの席で", "kind": "till", "store": "kyoto"})
    client.get(f"/customers/{shop}/")  # reads the message away
    with django_assert_max_num_queries(12):
        assert client.get(f"/customers/{shop}/").status_code == 200


def test_a_search_looks_in_several_places_and_no_more(
    shop: int, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(Role.STORE_STAFF)
    with django_assert_max_num_queries(18):
        assert client.get("/customers/?q=田中").status_code == 200
