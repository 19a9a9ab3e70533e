"""Where there is most to improve, as the home page and the journey show it."""

from dataclasses import dataclass

from kizuna.understand.journey.queries import RoomToImprove
from kizuna.web.drawing import Whisker, whiskers
from kizuna.web.figures import Shown, number, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One touchpoint: its score, its share of the answers, and what the company would gain at the reference's score."""

    slug: str
    name: str
    shown: Shown
    share: str
    gain: Shown
    gain_is_sure: bool
    whisker: Whisker | None
    is_reference: bool


def rooms_of(*, found: RoomToImprove) -> list[Room]:
    """The touchpoints that have answers, most room first."""
    company = show(found.company)
    shown = [show(room.result) for room in found.rooms]
    drawn = whiskers(rows=shown, reference=company.raw)
    rooms = []
    for room, figure, whisker in zip(found.rooms, shown, drawn, strict=True):
        gain = show(room.gain)
        sure = gain.raw_low is not None and gain.raw_high is not None and gain.raw_low * gain.raw_high > 0
        rooms.append(
            Room(
                slug=room.touchpoint,
                name=str(room.words),
                shown=figure,
                share=f"{number(room.answer_share * 100)}%",
                gain=gain,
                gain_is_sure=sure,
                whisker=whisker,
                is_reference=room.is_reference,
            )
        )
    return rooms
