"""Many customers' scores at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.stores.queries import among
from kizuna.listen.surveys.models import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMoment:
    """One score and when it was given."""

    answered_at: datetime
    instrument: str
    score: float


def score_moments(*, person_ids: Collection[int]) -> dict[int, list[ScoreMoment]]:
    """Every score of these person records, in order of time."""
    found: dict[int, list[ScoreMoment]] = defaultdict(list)
    if person_ids:
        rows = Answer.objects.filter(among(column="person_id", values=person_ids)).order_by("answered_at", "id")
        for person, at, instrument, score in rows.values_list("person_id", "answered_at", "instrument", "score"):
            if person is not None:
                found[person].append(ScoreMoment(answered_at=at, instrument=instrument, score=score))
    return found
