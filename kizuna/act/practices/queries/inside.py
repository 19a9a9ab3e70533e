"""Who is or was inside one practice, page by page."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.practices.models import Enrolment


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideCard:
    """One enrolment: where it stands and when it goes on."""

    enrolment_id: int
    person_id: int
    version: int
    arm: str
    node: str
    state: str
    reason: str
    entered_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsidePage:
    """``size`` rows of ``total``, and which page of how many."""

    rows: tuple[InsideCard, ...]
    total: int
    page: int
    pages: int


def enrolments_in(*, practice: str, state: str | None, page: int, size: int) -> InsidePage:
    """The enrolments of a practice, the latest first; a page beyond the end is the last one."""
    found = Enrolment.objects.filter(practice__name=practice)
    if state:
        found = found.filter(state=state)
    total = found.count()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    chosen = found.select_related("version", "assignment").order_by("-entered_at", "-id")
    rows = tuple(
        InsideCard(
            enrolment_id=one.pk,
            person_id=one.person_id,
            version=one.version.number,
            arm=one.assignment.arm,
            node=one.node,
            state=one.state,
            reason=one.reason,
            entered_at=one.entered_at,
            due_at=one.due_at,
        )
        for one in chosen[(page - 1) * size : page * size]
    )
    return InsidePage(rows=rows, total=total, page=page, pages=pages)
