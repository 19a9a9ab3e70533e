"""Pure decisions about goals: what one is, whether it is SMART, and what may be said of its outlook."""

from kizuna.prove.goals.rules.goal import (
    LEVELS,
    STATES,
    GoalClosed,
    GoalDraft,
    GoalIncomplete,
    GoalOpen,
    NoSuchGoal,
    is_up,
)
from kizuna.prove.goals.rules.months import add_months, first_of, whole_months
from kizuna.prove.goals.rules.outlook import WORDS, FanMonth, Outlook, Word, outlook_of, variance_of, word_of
from kizuna.prove.goals.rules.smart import Known, Letter, letters

__all__ = [
    "LEVELS",
    "STATES",
    "WORDS",
    "FanMonth",
    "GoalClosed",
    "GoalDraft",
    "GoalIncomplete",
    "GoalOpen",
    "Known",
    "Letter",
    "NoSuchGoal",
    "Outlook",
    "Word",
    "add_months",
    "first_of",
    "is_up",
    "letters",
    "outlook_of",
    "variance_of",
    "whole_months",
    "word_of",
]
