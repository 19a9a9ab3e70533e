"""The latest answers with a comment, as the home page shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from kizuna.customers.people.queries import names_of
from kizuna.customers.staff.models import User
from kizuna.gates.mask import mask_text
from kizuna.listen.surveys.queries import AnswerCard, latest_answers
from kizuna.web.access import is_allowed
from kizuna.web.figures import number
from kizuna.web.naming import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One answer ready to print; who said it only for staff who serve customers."""

    answer_id: int
    person_id: int | None
    who: str
    instrument: str
    score: str
    band: str
    comment: str
    answered_at: datetime
    touchpoint: str
    store: str


def instrument_name(*, instrument: str) -> str:
    """The instrument as a heading: NPS, CSAT, CES, or the own criterion's name."""
    plain = {"nps": "NPS", "nps1to10": "1–10", "csat5": "CSAT", "csat7": "CSAT", "ces7": "CES", "ces5": "CES"}
    return plain.get(instrument, instrument.removeprefix("own:"))


def latest_voices(
    *, user: User | AnonymousUser, stores: frozenset[str] | None, called: Names, limit: int
) -> list[Voice]:
    """The newest answers with words in them; contact data inside comments is masked for staff who see no names."""
    found = latest_answers(stores=stores, limit=limit)
    named = is_allowed(user=user, view="customer")
    people = names_of(person_ids={one.person_id for one in found if one.person_id}) if named else {}
    return [_voice(card=one, people=people, named=named, called=called) for one in found]


def _voice(*, card: AnswerCard, people: dict[int, str], named: bool, called: Names) -> Voice:
    decimals = 0 if card.score == int(card.score) else 1
    return Voice(
        answer_id=card.answer_id,
        person_id=card.person_id if named else None,
        who=people.get(card.person_id or 0, ""),
        instrument=instrument_name(instrument=card.instrument),
        score=number(card.score, decimals=decimals),
        band=card.band,
        comment=card.comment if named else mask_text(text=card.comment),
        answered_at=card.answered_at,
        touchpoint=called.of(dim="touchpoint", value=card.touchpoint) if card.touchpoint else "",
        store=called.of(dim="store", value=card.store) if card.store else "",
    )
