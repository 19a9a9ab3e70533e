import pytest

from kizuna.facts.lake.queries import connect, lake_path
from kizuna.facts.state.models import StateFile, StateGeneration
from kizuna.facts.state.queries import generation, is_due
from kizuna.facts.state.rules import UNITS
from kizuna.facts.state.tests.shop import Shop, assert_exact

pytestmark = pytest.mark.django_db


def test_files_of_an_older_shape_are_replaced_without_a_new_fact() -> None:
    shop = Shop()
    shop.order(1, 7, 0)
    shop.ship(1, 1, 7, promised=3, delivered=5)
    shop.fold()
    assert not is_due()
    _as_an_older_release_left_it()
    assert is_due()
    before = generation()
    touched = shop.fold()
    assert generation() == before + 1
    assert all(touched.all_of(table=table) for table in UNITS)
    assert shop.row("customers", 7)["promise"] == "broken"
    assert not is_due()
    assert_exact()


def _as_an_older_release_left_it() -> None:
    """The customers without the column ``promise``."""
    StateGeneration.objects.update(rules="of another release")
    path = lake_path(name=StateFile.objects.get(table="customers", retired_at=None).path)
    connect().execute(f"CREATE OR REPLACE TEMP TABLE held AS SELECT * EXCLUDE (promise) FROM read_parquet('{path}')")
    connect().execute(f"COPY held TO '{path}' (FORMAT parquet)")
