"""Reading practices."""

from kizuna.act.practices.queries.practices import (
    PracticeCard,
    PracticeDetail,
    StuckCard,
    VersionCard,
    practice,
    practices,
    waiting_at,
)

__all__ = [
    "PracticeCard",
    "PracticeDetail",
    "StuckCard",
    "VersionCard",
    "practice",
    "practices",
    "waiting_at",
]
