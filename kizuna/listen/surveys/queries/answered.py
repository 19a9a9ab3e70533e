"""Who has ever answered."""

from collections.abc import Collection

from kizuna.customers.stores.queries import among
from kizuna.listen.surveys.models import Answer


def answered_among(*, person_ids: Collection[int]) -> set[int]:
    """Which of these person records have answered a survey."""
    if not person_ids:
        return set()
    found = Answer.objects.filter(among(column="person_id", values=person_ids)).values_list("person_id", flat=True)
    return {person for person in found.distinct() if person is not None}
