"""Customers of whom some used a discount, as customers do: no lot decided who."""

from collections.abc import Iterator
from itertools import count

from kizuna.facts.catalogue import Fact, OrderPlaced
from kizuna.prove.trials.tests.world import day

_ids = count(1)


def bought(person: int, at: float, *, discount: int = 0, store: str = "honten", yen: int = 1000) -> OrderPlaced:
    """One order."""
    return OrderPlaced(
        occurred_at=day(at),
        person_id=person,
        order_id=next(_ids),
        source="test",
        channel="store",
        store=store,
        total_yen=yen,
        discount_yen=discount,
        quantity=1,
    )


def shop(*, truly: float = 0.0, by_turns: bool = True) -> Iterator[Fact]:
    """1,200 customers order on day 5 to 24. Regulars (every other one) come back twice as often whatever is done, and
    three quarters of them use a discount, but only a quarter of the others: the discount itself brings back ``truly``.
    Not ``by_turns``, those with a discount come on other days than those without.
    """
    yield bought(900_000, 59)
    for person in range(1, 1201):
        regular, turn = person % 2 == 0, person // 2
        got = turn % 4 != 0 if regular else turn % 4 == 0
        at = 5 + (turn // 4 if by_turns else turn) % 20
        if regular:
            yield bought(person, -20)
            yield bought(person, -60)
        yield bought(person, at, discount=100 if got else 0)
        returns = (0.6 if regular else 0.3) + (truly if got else 0.0)
        if (turn // 4) % 20 < round(20 * returns):
            yield bought(person, at + 12)
