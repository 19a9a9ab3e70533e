"""What an edit of a practice would mean for the people inside, before it is done."""

from dataclasses import dataclass

from django.db.models import Count

from kizuna.act.practices.models import Assignment, Enrolment, Practice
from kizuna.act.practices.operations.lock import PracticeUnknown
from kizuna.act.practices.queries.practices import latest_flow
from kizuna.act.practices.rules.check import check
from kizuna.act.practices.rules.flow import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAt:
    """People at one step; ``removed`` when the edit takes that step away."""

    node: str
    count: int
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPlan:
    """The difference between the present version and the edited one, and who stands where.

    People at a step that stays finish the version they are in unless told otherwise; for each removed step with
    people ``edit_practice`` must be told. ``arms_in_use`` are removed arms that people were assigned to: not allowed.
    """

    number: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    waiting: tuple[WaitingAt, ...]
    arms_in_use: tuple[str, ...]

    @property
    def undecided(self) -> tuple[WaitingAt, ...]:
        """Where people stand whose step goes away."""
        return tuple(one for one in self.waiting if one.removed)


def edit_dry_run(*, practice: str, flow: Flow) -> EditPlan:
    """What this edit would do; nothing is changed. Raises: PracticeUnknown, FlowRefused."""
    check(flow=flow)
    row = Practice.objects.filter(name=practice).first()
    if row is None:
        raise PracticeUnknown(name=practice)
    before = latest_flow(row=row)
    inside = Enrolment.objects.filter(practice=row, state__in=("waiting", "stuck"))
    counts = inside.values_list("node").annotate(count=Count("id")).order_by("node")
    gone = {arm.name for arm in before.arms} - {arm.name for arm in flow.arms}
    used = Assignment.objects.filter(practice=row, arm__in=gone, held_out=False).values_list("arm", flat=True)
    return EditPlan(
        number=row.number + 1,
        added=tuple(name for name in flow.nodes if name not in before.nodes),
        removed=tuple(name for name in before.nodes if name not in flow.nodes),
        changed=tuple(name for name, node in flow.nodes.items() if before.nodes.get(name, node) != node),
        waiting=tuple(WaitingAt(node=node, count=count, removed=node not in flow.nodes) for node, count in counts),
        arms_in_use=tuple(sorted(set(used))),
    )
