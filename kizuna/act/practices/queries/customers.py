"""What practices do for one customer: for the customer's page, the export, and the question «held out?»."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kizuna.act.practices.models import Assignment, Enrolment, PersonTag
from kizuna.act.practices.operations.lock import PracticeUnknown
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.reasons import Reason, reason_of
from kizuna.customers.people.queries import NoSuchPerson, cluster_ids
from kizuna.customers.stores.queries import among
from kizuna.stats.randomisation import is_held_out as drawn_held_out
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCard:
    """A customer's lot in one practice."""

    assignment_id: int
    person_id: int
    practice: str
    title: Words
    arm: str
    held_out: bool
    assigned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCard:
    """One way through one practice, and where the customer stands on it."""

    enrolment_id: int
    person_id: int
    practice: str
    title: Words
    version: int
    arm: str
    cause: str
    node: str
    state: str
    reason: Reason
    entered_at: datetime
    due_at: datetime | None
    moved_at: datetime


def is_held_out(*, practice: str, person_id: int) -> bool:
    """Whether nothing is to be sent to this customer by this practice: one look-up, else the lot itself.

    Raises: PracticeUnknown, NoSuchPerson.
    """
    records = cluster_ids(person_id=person_id)
    if not records:
        raise NoSuchPerson(person_id=person_id)
    places = ", ".join(["%s"] * len(records))
    with connection.cursor() as cursor:
        cursor.execute(_HELD_OUT.format(places=places), [*records, practice])
        rows = cursor.fetchall()
    if not rows:
        raise PracticeUnknown(name=practice)
    # Assigned under any of the customer's records; held out wins where merged records drew differently.
    drawn = [bool(held) for _, _, held in rows if held is not None]
    if drawn:
        return any(drawn)
    salt, flow, _ = rows[0]
    return drawn_held_out(salt=salt, unit=records[0], share=flow_of(text=flow).holdout_share)


# Asked while a customer waits at the till: as plain SQL it takes a third of the time.
_HELD_OUT = """
    SELECT p.salt, v.flow, a.held_out FROM practices_practice p
    JOIN practices_practiceversion v ON v.practice_id = p.id AND v.number = p.number
    LEFT JOIN practices_assignment a ON a.practice_id = p.id AND a.person_id IN ({places})
    WHERE p.name = %s
"""


def assignments_of(*, person_ids: Collection[int]) -> list[AssignmentCard]:
    """The lots of these records, the newest first."""
    rows = Assignment.objects.filter(among(column="person_id", values=person_ids)).select_related("practice")
    return [
        AssignmentCard(
            assignment_id=row.pk,
            person_id=row.person_id,
            practice=row.practice.name,
            title=Words(ja=row.practice.title_ja, en=row.practice.title_en),
            arm=row.arm,
            held_out=row.held_out,
            assigned_at=row.assigned_at,
        )
        for row in rows.order_by("-assigned_at", "-id")
    ]


def enrolments_of(*, person_ids: Collection[int]) -> list[EnrolmentCard]:
    """The ways of these records through practices, the newest first."""
    rows = Enrolment.objects.filter(among(column="person_id", values=person_ids))
    return [
        EnrolmentCard(
            enrolment_id=row.pk,
            person_id=row.person_id,
            practice=row.practice.name,
            title=Words(ja=row.practice.title_ja, en=row.practice.title_en),
            version=row.version.number,
            arm=row.assignment.arm,
            cause=row.cause,
            node=row.node,
            state=row.state,
            reason=reason_of(text=row.reason),
            entered_at=row.entered_at,
            due_at=row.due_at,
            moved_at=row.moved_at,
        )
        for row in rows.select_related("practice", "version", "assignment").order_by("-entered_at", "-id")
    ]


def tags_of(*, person_ids: Collection[int]) -> tuple[str, ...]:
    """The tags that practices put on these records."""
    rows = PersonTag.objects.filter(among(column="person_id", values=person_ids))
    return tuple(sorted(set(rows.values_list("tag", flat=True))))


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Everything practices know about these records, labelled in Japanese."""
    return {
        "接客方法の割付": [
            {
                "接客方法": card.title.ja,
                "群": "比較用" if card.held_out else card.arm,
                "割付日時": card.assigned_at,
            }
            for card in assignments_of(person_ids=person_ids)
        ],
        "接客方法の実施": [
            {
                "接客方法": card.title.ja,
                "きっかけ": card.cause,
                "ステップ": card.node,
                "状態": card.state,
                "開始日時": card.entered_at,
                "次の予定": card.due_at,
            }
            for card in enrolments_of(person_ids=person_ids)
        ],
        "タグ": list(tags_of(person_ids=person_ids)),
    }
