"""Reading goals: whose they are, where they stand and head, whether they are SMART, what practices gave."""

from kizuna.prove.goals.queries.checked import check_draft
from kizuna.prove.goals.queries.goals import GoalCard, draft_of, goal, goals
from kizuna.prove.goals.queries.practices import Contribution, Contributions, contributions
from kizuna.prove.goals.queries.progress import START_MONTHS, outlooks, start_of

__all__ = [
    "START_MONTHS",
    "Contribution",
    "Contributions",
    "GoalCard",
    "check_draft",
    "contributions",
    "draft_of",
    "goal",
    "goals",
    "outlooks",
    "start_of",
]
