"""``kizuna lake verify`` says which roll-up is wrong, as text and as JSON, and exits with 1."""

import json

import pytest
from django.conf import settings

from kizuna.cli.main import main
from kizuna.facts.lake.queries import connect
from kizuna.understand.metrics.models import CubeFile
from kizuna.understand.metrics.tests.world import order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_before_and_after_a_roll_up_was_tampered_with(capsys: pytest.CaptureFixture[str]) -> None:
    tell(order(1, "2025-06-01"), order(2, "2025-06-02"))
    assert main(["lake", "verify"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("\nok")
    path = settings.HOME / CubeFile.objects.get(grain="orders_month").path
    connect().execute(f"CREATE OR REPLACE TEMP TABLE held AS SELECT * FROM read_parquet('{path}')")
    connect().execute("UPDATE held SET n = n + 1 WHERE metric = 'orders'")
    connect().execute(f"COPY held TO '{path}' (FORMAT parquet)")
    assert main(["lake", "verify"]) == 1
    text = capsys.readouterr().out
    assert "WRONG ROLL-UP orders_month: 1 groups" in text
    assert "NOT OK" in text
    assert main(["lake", "verify", "--json", "--as-is"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["roll_ups"]["ok"], answer["differences"]) == (False, False, [])
    assert answer["roll_ups"]["differences"] == [{"grain": "orders_month", "group_count": 1}]
