from datetime import UTC, datetime

import pytest
from django.db.models import F

from kizuna.facts.audit.models import AuditEntry
from kizuna.facts.audit.operations import record
from kizuna.facts.audit.queries import entries, verify_chain

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def acts() -> list[int]:
    for number in range(5):
        record(
            actor="user:1",
            action="person.merge",
            target=f"person:{number}",
            detail={"理由": "同じ人", "at": NOW},
            now=NOW,
        )
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def test_an_untouched_chain_is_intact(acts: list[int]) -> None:
    report = verify_chain()
    assert (report.intact, report.entry_count) == (True, 5)
    assert [entry.entry_id for entry in entries(limit=2)] == acts[:2:-1]
    assert entries(target="person:1")[0].detail == {"理由": "同じ人", "at": str(NOW)}


def test_a_changed_entry_breaks_the_chain_there(acts: list[int]) -> None:
    AuditEntry.objects.filter(id=acts[2]).update(actor="user:2")
    assert verify_chain().broken_at == acts[2]


def test_a_removed_entry_breaks_the_chain_at_the_next(acts: list[int]) -> None:
    AuditEntry.objects.filter(id=acts[2]).delete()
    assert verify_chain().broken_at == acts[3]


def test_a_moved_time_breaks_the_chain(acts: list[int]) -> None:
    AuditEntry.objects.filter(id=acts[0]).update(recorded_at=F("recorded_at"))
    assert verify_chain().intact
    AuditEntry.objects.filter(id=acts[0]).update(recorded_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert verify_chain().broken_at == acts[0]
