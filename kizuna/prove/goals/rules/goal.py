"""A goal as it is written, and the refusals."""

from dataclasses import dataclass
from datetime import date

from kizuna.errors import Conflict, Invalid, NotFound
from kizuna.understand.metrics.rules.definition import Better
from kizuna.words import Words

LEVELS: dict[str, Words] = {
    "company": Words(ja="会社", en="Company"),
    "store": Words(ja="店舗", en="Store"),
    "team": Words(ja="チーム", en="Team"),
    "person": Words(ja="個人", en="Person"),
}
STATES: dict[str, Words] = {
    "open": Words(ja="取り組み中", en="Under way"),
    "reached": Words(ja="達成", en="Reached"),
    "missed": Words(ja="未達", en="Not reached"),
    "dropped": Words(ja="取りやめ", en="Dropped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalDraft:
    """What staff write. ``store`` and ``touchpoint`` narrow the metric; ``due_month`` is the month that is judged."""

    title: str
    level: str
    metric: str
    target: float
    due_month: date
    owner_id: int | None = None
    team: str = ""
    store: str = ""
    touchpoint: str = ""
    why: str = ""

    @property
    def where(self) -> dict[str, str]:
        """What the metric is narrowed to."""
        return {dim: value for dim, value in (("store", self.store), ("touchpoint", self.touchpoint)) if value}


class NoSuchGoal(NotFound):
    """There is no such goal, or it is not the asker's to see."""

    code = "no_such_goal"

    def __init__(self) -> None:
        super().__init__(Words(ja="この目標は見つかりません。", en="There is no such goal."))


class GoalIncomplete(Invalid):
    """Something the goal needs is missing or impossible."""

    code = "goal_incomplete"


class GoalClosed(Conflict):
    """A closed goal is a record and changes no more."""

    code = "goal_closed"

    def __init__(self) -> None:
        super().__init__(Words(ja="この目標は終了しています。", en="This goal is closed."))


class GoalOpen(Conflict):
    """Only a closed goal can be opened again."""

    code = "goal_open"

    def __init__(self) -> None:
        super().__init__(Words(ja="この目標は取り組み中です。", en="This goal is under way."))


def is_up(*, better: Better, start: float | None, target: float) -> bool:
    """Whether reaching the target means rising to it."""
    if better is not Better.NEITHER:
        return better is Better.UP
    return start is None or target >= start
