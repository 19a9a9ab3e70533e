"""Everything that changes practices and moves people through them."""

from kizuna.act.practices.operations.adopt import adopt_ready
from kizuna.act.practices.operations.enrol import Enrolled, enrol
from kizuna.act.practices.operations.history import Reached, bring_history
from kizuna.act.practices.operations.lifecycle import (
    MetricUnknown,
    PracticeExists,
    WrongState,
    create_practice,
    end,
    pause,
    rename,
    resume,
    start,
)
from kizuna.act.practices.operations.lock import PracticeUnknown
from kizuna.act.practices.operations.move import step_due

__all__ = [
    "Enrolled",
    "MetricUnknown",
    "PracticeExists",
    "PracticeUnknown",
    "Reached",
    "WrongState",
    "adopt_ready",
    "bring_history",
    "create_practice",
    "end",
    "enrol",
    "pause",
    "rename",
    "resume",
    "start",
    "step_due",
]
