"""What waits for somebody on the home page: tasks, stuck customers, messages in doubt, promises that do not hold."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.act.outreach.queries import doubt_tally, task_tallies
from kizuna.act.practices.queries import stuck_tally
from kizuna.customers.staff.models import User
from kizuna.facts.rows.queries import tallied
from kizuna.web.access import is_allowed
from kizuna.web.checkup import last_check


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Counts of what this member of staff can do something about; all zero means nothing is shown."""

    open_tasks: int = 0
    overdue_tasks: int = 0
    stuck: int = 0
    in_doubt: int = 0
    broken: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.overdue_tasks or self.stuck or self.in_doubt or self.broken)


def waiting(*, user: User, stores: frozenset[str] | None, now: datetime) -> Waiting:
    """What the role may put right, counted in one statement; the last check is a row of its own."""
    parts = [
        *(task_tallies(stores=stores, now=now) if is_allowed(user=user, view="tasks:list") else ()),
        *((stuck_tally(),) if is_allowed(user=user, view="practices:state") else ()),
        *((doubt_tally(),) if is_allowed(user=user, view="channel_settle") else ()),
    ]
    found = tallied(parts=parts)
    return Waiting(
        open_tasks=found["open"],
        overdue_tasks=found["overdue"],
        stuck=found["stuck"],
        in_doubt=found["doubts"],
        broken=_broken() if is_allowed(user=user, view="system_status") else 0,
    )


def _broken() -> int:
    """How many promises the last check found broken; nothing before the first."""
    found = last_check()
    return 0 if found is None else found.broken
