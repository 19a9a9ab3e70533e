"""Pure decisions about improvements: states, what may follow what, the news, whether its effect can be told."""

from kizuna.prove.improvements.rules.news import (
    LINKED_WORDS,
    bodies_of,
    message_key,
    purpose_of,
    suggestion,
    template_of,
)
from kizuna.prove.improvements.rules.states import (
    MOVES,
    STATES,
    BadMove,
    Draft,
    ImprovementIncomplete,
    NoSuchImprovement,
    NothingToUndo,
    OtherStoresToo,
    State,
    check,
    may_change,
)

__all__ = [
    "LINKED_WORDS",
    "MOVES",
    "STATES",
    "BadMove",
    "Draft",
    "ImprovementIncomplete",
    "NoSuchImprovement",
    "NothingToUndo",
    "OtherStoresToo",
    "State",
    "bodies_of",
    "check",
    "may_change",
    "message_key",
    "purpose_of",
    "suggestion",
    "template_of",
]
