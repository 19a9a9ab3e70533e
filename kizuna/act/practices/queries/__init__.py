"""Reading practices."""

from kizuna.act.practices.queries.customers import (
    AssignmentCard,
    EnrolmentCard,
    assignments_of,
    enrolments_of,
    export_people,
    is_held_out,
    tags_of,
)
from kizuna.act.practices.queries.dry_run import DryRun, dry_run
from kizuna.act.practices.queries.editing import EditPlan, WaitingAt, edit_dry_run
from kizuna.act.practices.queries.inside import InsideCard, InsidePage, enrolments_in
from kizuna.act.practices.queries.invariants import check_invariants
from kizuna.act.practices.queries.moments import moments_of
from kizuna.act.practices.queries.practices import (
    PracticeCard,
    PracticeDetail,
    StuckCard,
    VersionCard,
    practice,
    practices,
    waiting_at,
)
from kizuna.act.practices.queries.readiness import check_reviews
from kizuna.act.practices.queries.stuck import stuck_tally
from kizuna.act.practices.queries.titles import practice_titles

__all__ = [
    "AssignmentCard",
    "DryRun",
    "EditPlan",
    "EnrolmentCard",
    "InsideCard",
    "InsidePage",
    "PracticeCard",
    "PracticeDetail",
    "StuckCard",
    "VersionCard",
    "WaitingAt",
    "assignments_of",
    "check_invariants",
    "check_reviews",
    "dry_run",
    "edit_dry_run",
    "enrolments_in",
    "enrolments_of",
    "export_people",
    "is_held_out",
    "moments_of",
    "practice",
    "practice_titles",
    "practices",
    "stuck_tally",
    "tags_of",
    "waiting_at",
]
