"""Pure decisions about answers: which instruments exist and which scores they accept."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.people.rules import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """One imported answer; unique by (source, external_id).

    ``instrument`` is nps, nps1to10, csat5, csat7, ces7, ces5 or own:<name>.
    """

    source: str
    external_id: str
    customer: Sighting | None
    instrument: str
    score: float
    answered_at: datetime
    touchpoint: str = ""
    channel: str = ""
    store: str = ""
    product: str = ""
    category: str = ""
    comment: str = ""
