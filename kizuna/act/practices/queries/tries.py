"""Which try of a practice is the latest: «thank-you-2» is a further try of «thank-you»."""

from collections.abc import Collection
from dataclasses import dataclass

from kizuna.act.practices.models import Practice
from kizuna.act.practices.rules.tries import try_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TryCard:
    """One try: its name, its state, and the number of it."""

    name: str
    state: str
    number: int


def latest_tries(*, names: Collection[str]) -> dict[str, TryCard]:
    """The latest try of each of these practices that was ever tried, by the name they share."""
    found: dict[str, TryCard] = {}
    for name, state in Practice.objects.order_by("id").values_list("name", "state"):
        family, number = try_of(name=name)
        known = found.get(family)
        if family in names and (known is None or number > known.number):
            found[family] = TryCard(name=name, state=state, number=number)
    return found
