"""A table may tell the same thing twice, differently. The last row counts, the others are accounted for, and the
same file again changes nothing: it does not swing between the rows for ever.
"""

from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.operations import ImportResult, import_file
from kizuna.listen.surveys.models import Answer

pytestmark = pytest.mark.django_db

ANSWERS = "answer_id,customer,instrument,score,answered_at,touchpoint,channel,store,comment\n"
ORDERS = "order_id,ordered_at,customer,sku,quantity,unit_price_yen\nO1,2026-01-01,Q1,S1,1,1000\n"
TABLES = {
    "answers": ANSWERS
    + "z1,C1,nps,9,2026-02-01,delivery,web,,a\nz2,C2,nps,1,2026-02-01,delivery,web,,x\n"
    + " z1 ,C1,nps,3,2026-02-01,delivery,web,,b\n",
    "reviews": "review_id,customer,site,rating,posted_at,product,comment\n"
    "r1,Q1,rakuten,5,2026-01-01,P,a\nr2,Q1,rakuten,5,2026-01-01,P,x\nr1,Q1,rakuten,1,2026-01-01,P,b\n",
    "customers": "customer,name,email\nQ1,山田 太郎,t1@x.example\nQ2,井上,i@x.example\nQ1,山田 花子,t2@x.example\n",
    "shipments": "order_id,carrier,promised_at,shipped_at,delivered_at\n"
    "O1,A,2026-01-05,2026-01-03,\nO1,A,2026-01-05,2026-01-03,2026-01-04\n",
}


def take(path: Path) -> ImportResult:
    result = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert result.rows_in == result.imported + result.skipped + result.errored
    return result


@pytest.mark.parametrize("kind", TABLES)
def test_a_second_run_imports_none(kind: str, tmp_path: Path) -> None:
    if kind == "shipments":
        (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
        take(tmp_path / "orders.csv")
    path = tmp_path / f"{kind}.csv"
    path.write_text(TABLES[kind], encoding="utf-8")
    rows = TABLES[kind].count("\n") - 1
    first = take(path)
    assert (first.rows_in, first.imported, first.skipped, first.errored) == (rows, rows - 1, 1, 0)
    assert "The same number stands again" in first.skip_reasons[0][1].en
    second = take(path)
    assert (second.imported, second.skipped) == (0, rows)


def test_the_last_row_is_the_one_that_stays(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(TABLES["answers"], encoding="utf-8")
    take(path)
    take(path)
    assert dict(Answer.objects.values_list("external_id", "score")) == {"z1": 3.0, "z2": 1.0}


def test_rows_without_a_number_are_each_their_own_error(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS + ",C1,nps,9,2026-02-01,,,,a\n,C1,nps,3,2026-02-01,,,,b\n", encoding="utf-8")
    assert take(path).errored == 2
