"""An address nobody decided about is refused to everybody, and fails here."""

from kizuna.web.access import ACCESS
from kizuna.web.tests.addresses import addresses


def test_every_address_has_a_name_and_a_row() -> None:
    named = [address.name for address in addresses()]
    assert "" not in named
    assert sorted(set(named) - set(ACCESS)) == []


def test_the_table_has_no_row_without_an_address() -> None:
    assert sorted(set(ACCESS) - {address.name for address in addresses()}) == []
