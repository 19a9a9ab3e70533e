from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.models import ImportRun
from kizuna.connectors.tables.operations import CannotUndo, NoSuchImport, import_file, undo
from kizuna.connectors.tables.tests.reading import GOLDEN
from kizuna.customers.orders.models import Order
from kizuna.customers.people.models import Person
from kizuna.listen.surveys.models import Answer

pytestmark = pytest.mark.django_db
HEADER = "order_id,ordered_at,customer,sku,product,quantity,unit_price_yen\n"


def take(path: Path) -> int:
    return import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now()).import_id


def test_undo_removes_exactly_what_the_import_made() -> None:
    orders = take(GOLDEN / "generic_orders.csv")
    kept = Order.objects.count(), Person.objects.count()
    answers = take(GOLDEN / "survey_answers.txt")
    assert Answer.objects.exists()
    undo(import_id=answers, actor="system", now=timezone.now())
    assert not Answer.objects.exists()
    assert (Order.objects.count(), Person.objects.count()) == kept
    undo(import_id=orders, actor="system", now=timezone.now())
    assert not Order.objects.exists()
    assert not Person.objects.exists()


def test_undo_restores_what_the_import_amended(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "A1,2026-07-09,C1,T1,茶,1,980\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADER + "A1,2026-07-09,C1,T1,茶,3,980\n", encoding="utf-8")
    take(tmp_path / "a.csv")
    second = take(tmp_path / "b.csv")
    assert Order.objects.get(external_id="A1").total_yen == 2940
    undo(import_id=second, actor="system", now=timezone.now())
    assert Order.objects.get(external_id="A1").total_yen == 980


def test_an_undone_file_can_be_imported_again() -> None:
    undo(import_id=take(GOLDEN / "generic_orders.csv"), actor="system", now=timezone.now())
    again = import_file(
        path=GOLDEN / "generic_orders.csv", layout=None, mapping=None, actor="system", now=timezone.now()
    )
    assert again.imported == 5


def test_after_seven_days_and_twice_it_is_refused() -> None:
    run_id = take(GOLDEN / "generic_orders.csv")
    with pytest.raises(CannotUndo, match="7 days"):
        undo(import_id=run_id, actor="system", now=timezone.now() + timedelta(days=7, minutes=1))
    undo(import_id=run_id, actor="system", now=timezone.now() + timedelta(days=6))
    assert ImportRun.objects.get(pk=run_id).state == "undone"
    with pytest.raises(CannotUndo):
        undo(import_id=run_id, actor="system", now=timezone.now())
    with pytest.raises(NoSuchImport):
        undo(import_id=10_000, actor="system", now=timezone.now())
