"""F2 by promise and carrier of the first parcel, from roll-up and units alike, through late and corrected parcels."""

from dataclasses import replace

import pytest

from kizuna.facts.catalogue import ShipmentDelivered, ShipmentVoided
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.operations import verify
from kizuna.understand.metrics.queries import measure
from kizuna.understand.metrics.tests.world import NOW, at, order, parcel, tell

pytestmark = pytest.mark.django_db(transaction=True)


def _f2(*by: str) -> dict[tuple[str, ...], tuple[float, int]]:
    rolled = measure(metric="f2_conversion", by=by, now=NOW)
    assert rolled == measure(metric="f2_conversion", by=by, now=NOW, recompute=True)
    report = verify()
    assert (report.ok, report.behind) == (True, False)
    return {
        tuple(row.group.values()): (row.result.value, row.result.n)
        for row in rolled
        if isinstance(row.result, Estimate)
    }


def _late(one: ShipmentDelivered, *, delivered: str) -> ShipmentDelivered:
    return replace(one, revision=one.revision + 1, occurred_at=at(delivered), delivered_at=at(delivered))


def test_late_edited_and_voided_parcels_move_their_customer() -> None:
    firsts = [order(person, "2025-06-01 10:00") for person in (1, 2, 3, 4)]
    again = [order(person, "2025-07-01 10:00") for person in (1, 2)]
    tell(*firsts, *again, parcel(again[0], "2025-07-03", "2025-07-09"))
    assert _f2("promise") == {("",): (0.5, 4)}, "the parcel of a second order says nothing about the first"
    parcels = [parcel(one, "2025-06-03", "2025-06-02", carrier="fast") for one in firsts[:3]]
    tell(*parcels)
    assert _f2("promise") == {("kept",): (pytest.approx(2 / 3), 3), ("",): (0.0, 1)}
    corrected = _late(parcels[2], delivered="2025-06-05")
    tell(corrected)
    assert _f2("promise", "carrier") == {
        ("kept", "fast"): (1.0, 2),
        ("broken", "fast"): (0.0, 1),
        ("", ""): (0.0, 1),
    }
    tell(
        ShipmentVoided(
            occurred_at=NOW, person_id=None, shipment_id=corrected.shipment_id, revision=corrected.revision + 1
        )
    )
    assert _f2("promise") == {("kept",): (1.0, 2), ("",): (0.0, 2)}
