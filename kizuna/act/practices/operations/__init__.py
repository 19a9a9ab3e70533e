"""Everything that changes practices and moves people through them."""

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

__all__ = [
    "MetricUnknown",
    "PracticeExists",
    "PracticeUnknown",
    "WrongState",
    "create_practice",
    "end",
    "pause",
    "rename",
    "resume",
    "start",
]
