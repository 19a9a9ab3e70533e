"""Pure decisions about public reviews."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.people.rules import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """One public review; unique by (site, external_id). ``rating`` is on ``1..scale_max`` and stored on 1–5."""

    site: str
    external_id: str
    customer: Sighting | None
    rating: float
    scale_max: int = 5
    posted_at: datetime
    title: str = ""
    comment: str = ""
    store: str = ""
    product: str = ""
    category: str = ""
    reply: str = ""
