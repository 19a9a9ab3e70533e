"""Goals as cards, and who may see which."""

from dataclasses import dataclass
from datetime import date, datetime

from kizuna.prove.goals.models import Goal
from kizuna.prove.goals.rules import LEVELS, STATES, GoalDraft, NoSuchGoal
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalCard:
    """One goal."""

    goal_id: int
    draft: GoalDraft
    owner: str
    start: tuple[float, float, float, int] | None
    """Value, low, high and n; None when it could not be measured."""
    start_month: date
    state: str
    closed_at: datetime | None
    closed_month: date | None
    closed: tuple[float, float, float] | None
    closed_note: str
    created_at: datetime

    @property
    def level_words(self) -> Words:
        """Whose goal it is."""
        return LEVELS[self.draft.level]

    @property
    def state_words(self) -> Words:
        """Where it stands."""
        return STATES[self.state]


def goals(*, stores: frozenset[str] | None = None, user_id: int | None = None, state: str = "") -> list[GoalCard]:
    """The goals within ``stores`` (None means all) and those of ``user_id``: open ones first, by due month."""
    rows = Goal.objects.select_related("owner").order_by("due_month", "id")
    if state:
        rows = rows.filter(state=state)
    cards = [_card(row) for row in rows if _may_see(row, stores=stores, user_id=user_id)]
    return sorted(cards, key=lambda card: card.state != "open")


def goal(*, goal_id: int, stores: frozenset[str] | None = None, user_id: int | None = None) -> GoalCard:
    """One goal. Raises: NoSuchGoal."""
    row = Goal.objects.select_related("owner").filter(pk=goal_id).first()
    if row is None or not _may_see(row, stores=stores, user_id=user_id):
        raise NoSuchGoal
    return _card(row)


def draft_of(*, row: Goal) -> GoalDraft:
    """The goal as it was written."""
    return GoalDraft(
        title=row.title,
        level=row.level,
        metric=row.metric,
        target=row.target,
        due_month=row.due_month,
        owner_id=row.owner_id,
        team=row.team,
        store=row.store,
        touchpoint=row.touchpoint,
        why=row.why,
    )


def _may_see(row: Goal, *, stores: frozenset[str] | None, user_id: int | None) -> bool:
    mine = user_id is not None and row.owner_id == user_id
    return stores is None or mine or bool(row.store and row.store in stores)


def _card(row: Goal) -> GoalCard:
    start = None
    if row.start_value is not None and row.start_low is not None and row.start_high is not None:
        start = (row.start_value, row.start_low, row.start_high, row.start_n or 0)
    closed = None
    if row.closed_value is not None and row.closed_low is not None and row.closed_high is not None:
        closed = (row.closed_value, row.closed_low, row.closed_high)
    return GoalCard(
        goal_id=row.pk,
        draft=draft_of(row=row),
        owner=row.owner.name if row.owner else "",
        start=start,
        start_month=row.start_month,
        state=row.state,
        closed_at=row.closed_at,
        closed_month=row.closed_month,
        closed=closed,
        closed_note=row.closed_note,
        created_at=row.created_at,
    )
