"""Reading improvements: the board, one of them, who asked, who was told, and what moved since."""

from kizuna.prove.improvements.queries.askers import Askers, Notified, Unreached, askers_of, export_people, notified
from kizuna.prove.improvements.queries.board import (
    Board,
    DonePage,
    ImprovementCard,
    MoveCard,
    board,
    done_page,
    draft_of,
    improvement,
    improvements,
    linked_to,
    moves_of,
)
from kizuna.prove.improvements.queries.movement import Month, Movement, movement
from kizuna.prove.improvements.queries.voices import VoiceCard, search_voices, voices_of

__all__ = [
    "Askers",
    "Board",
    "DonePage",
    "ImprovementCard",
    "Month",
    "MoveCard",
    "Movement",
    "Notified",
    "Unreached",
    "VoiceCard",
    "askers_of",
    "board",
    "done_page",
    "draft_of",
    "export_people",
    "improvement",
    "improvements",
    "linked_to",
    "movement",
    "moves_of",
    "notified",
    "search_voices",
    "voices_of",
]
