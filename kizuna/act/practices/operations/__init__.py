"""Everything that changes practices and moves people through them."""

from kizuna.act.practices.operations.adopt import adopt_ready
from kizuna.act.practices.operations.edit import (
    ArmInUse,
    ChoiceUnknown,
    PeopleWaiting,
    edit_practice,
    retry_stuck,
)
from kizuna.act.practices.operations.enrol import Enrolled, enrol
from kizuna.act.practices.operations.erase import erase_people
from kizuna.act.practices.operations.history import bring_history
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
from kizuna.act.practices.operations.sweep import sweep

__all__ = [
    "ArmInUse",
    "ChoiceUnknown",
    "Enrolled",
    "MetricUnknown",
    "PeopleWaiting",
    "PracticeExists",
    "PracticeUnknown",
    "WrongState",
    "adopt_ready",
    "bring_history",
    "create_practice",
    "edit_practice",
    "end",
    "enrol",
    "erase_people",
    "pause",
    "rename",
    "resume",
    "retry_stuck",
    "start",
    "step_due",
    "sweep",
]
