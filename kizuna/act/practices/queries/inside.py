"""Who is or was inside one practice, page by page."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.queries.refused import refused_for
from kizuna.act.practices.rules.reasons import Reason, reason_of
from kizuna.facts.rows.rules import leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideCard:
    """One enrolment: where it stands and when it goes on."""

    enrolment_id: int
    person_id: int
    version: int
    arm: str
    node: str
    state: str
    reason: Reason
    entered_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsidePage:
    """``size`` rows of ``total``, and which page of how many."""

    rows: tuple[InsideCard, ...]
    total: int
    page: int
    pages: int


def enrolments_in(*, practice: str, state: str | None, page: int, size: int, refusal: str = "") -> InsidePage:
    """The enrolments of a practice, the latest first; a page beyond the end is the last one.

    With ``refusal`` only those that ended by a refusal of this code.
    """
    found = Enrolment.objects.filter(practice__name=practice)
    if refusal:
        found = found.filter(refused_for(code=refusal))
    if state:
        found = found.filter(state=state)
    total = found.count()
    shown = leaf(count=total, page=page, size=size)
    chosen = found.select_related("version", "assignment").order_by("-entered_at", "-id")
    rows = tuple(
        InsideCard(
            enrolment_id=one.pk,
            person_id=one.person_id,
            version=one.version.number,
            arm=one.assignment.arm,
            node=one.node,
            state=one.state,
            reason=reason_of(text=one.reason),
            entered_at=one.entered_at,
            due_at=one.due_at,
        )
        for one in chosen[shown.part]
    )
    return InsidePage(rows=rows, total=total, page=shown.page, pages=shown.pages)
