"""What practices there are, and where the people inside stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from django.db.models import Count, Q

from kizuna.act.practices.models import Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lock import PracticeUnknown
from kizuna.act.practices.rules.flow import Flow
from kizuna.act.practices.rules.reasons import Reason, reason_of
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCard:
    """A practice in a list. ``assigned`` counts customers, the others enrolments."""

    practice_id: int
    name: str
    title: Words
    state: str
    priority: int
    version: int
    flow: Flow
    salt: str
    created_at: datetime
    started_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None
    assigned: int
    held_out: int
    waiting: int
    done: int
    stuck: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCard:
    """One version of a practice."""

    number: int
    flow: Flow
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckCard:
    """One enrolment that could not go on, and why."""

    enrolment_id: int
    person_id: int
    node: str
    reason: Reason
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeDetail:
    """A practice with its versions and where people wait: ``waiting_at`` by version number and step."""

    card: PracticeCard
    versions: tuple[VersionCard, ...]
    waiting_at: Mapping[tuple[int, str], int]
    arms: Mapping[str, int]
    """Customers by arm; the held-out are under «holdout»."""
    stuck: tuple[StuckCard, ...]


@lru_cache(maxsize=256)
def flow_of(*, text: str) -> Flow:
    """The flow a version states; versions never change, so it is read once."""
    return msgspec.json.decode(text, type=Flow)


def latest_flow(*, row: Practice) -> Flow:
    """The flow of the practice's latest version."""
    return flow_of(text=PracticeVersion.objects.get(practice=row, number=row.number).flow)


def practices() -> list[PracticeCard]:
    """Every practice: running ones first, then paused, drafts and ended, each by priority and name."""
    order = {"running": 0, "paused": 1, "draft": 2, "ended": 3}
    rows = sorted(Practice.objects.all(), key=lambda row: (order[row.state], -row.priority, row.name))
    return _cards(rows=rows)


def practice(*, name: str) -> PracticeDetail:
    """One practice. Raises: PracticeUnknown."""
    row = Practice.objects.filter(name=name).first()
    if row is None:
        raise PracticeUnknown(name=name)
    versions = PracticeVersion.objects.filter(practice=row).order_by("-number")
    assigned = Assignment.objects.filter(practice=row)
    arms = dict(assigned.filter(held_out=False).values_list("arm").annotate(count=Count("id")))
    (card,) = _cards(rows=[row])
    if card.held_out:
        arms["holdout"] = card.held_out
    stuck = Enrolment.objects.filter(practice=row, state="stuck").order_by("-moved_at")[:100]
    return PracticeDetail(
        card=card,
        versions=tuple(
            VersionCard(
                number=one.number, flow=flow_of(text=one.flow), created_at=one.created_at, created_by=one.created_by
            )
            for one in versions
        ),
        waiting_at=waiting_at(practice_id=row.pk),
        arms=arms,
        stuck=tuple(
            StuckCard(
                enrolment_id=one.pk,
                person_id=one.person_id,
                node=one.node,
                reason=reason_of(text=one.reason),
                moved_at=one.moved_at,
            )
            for one in stuck
        ),
    )


def waiting_at(*, practice_id: int) -> dict[tuple[int, str], int]:
    """How many people wait at each step, by version number and step."""
    rows = Enrolment.objects.filter(practice_id=practice_id, state="waiting")
    counted = rows.values_list("version__number", "node").annotate(count=Count("id")).order_by("version__number")
    return {(number, node): count for number, node, count in counted}


def _cards(*, rows: list[Practice]) -> list[PracticeCard]:
    ids = [row.pk for row in rows]
    counted = Enrolment.objects.filter(practice_id__in=ids).values_list("practice_id", "state")
    inside = {(practice, state): count for practice, state, count in counted.annotate(count=Count("id"))}
    lots = {
        practice: (assigned, held)
        for practice, assigned, held in Assignment.objects.filter(practice_id__in=ids)
        .values_list("practice_id")
        .annotate(assigned=Count("id"), held=Count("id", filter=Q(held_out=True)))
    }
    flows = {
        (practice, number): text
        for practice, number, text in PracticeVersion.objects.filter(practice_id__in=ids).values_list(
            "practice_id", "number", "flow"
        )
    }
    return [
        PracticeCard(
            practice_id=row.pk,
            name=row.name,
            title=Words(ja=row.title_ja, en=row.title_en),
            state=row.state,
            priority=row.priority,
            version=row.number,
            flow=flow_of(text=flows[row.pk, row.number]),
            salt=row.salt,
            created_at=row.created_at,
            started_at=row.started_at,
            paused_at=row.paused_at,
            ended_at=row.ended_at,
            assigned=lots.get(row.pk, (0, 0))[0],
            held_out=lots.get(row.pk, (0, 0))[1],
            waiting=inside.get((row.pk, "waiting"), 0),
            done=inside.get((row.pk, "done"), 0),
            stuck=inside.get((row.pk, "stuck"), 0),
            left=inside.get((row.pk, "left"), 0),
        )
        for row in rows
    ]
