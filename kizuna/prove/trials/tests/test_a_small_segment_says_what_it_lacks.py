import pytest

from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import practice_effects
from kizuna.prove.trials.tests.world import NOW, PRACTICE, assigned, order, practice, tell
from kizuna.stats.estimate import NotEnough

pytestmark = pytest.mark.django_db


def test_one_large_and_one_small_segment() -> None:
    practice(holdout_share=0.5)
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 205):
        new = person <= 200
        facts += [order(person, -5), *([] if new else [order(person, -9)]), assigned(person, held_out=person % 2 == 0)]
        if person % 4 < 2:
            facts.append(order(person, 10))
    tell(*facts)
    (found,) = practice_effects(practice=PRACTICE, now=NOW)
    (split,) = found.parts
    large, small = split.parts
    assert (large.name, large.missing) == ("new", None)
    assert large.value == pytest.approx(0.0)
    assert (small.name, small.value) == ("repeat", None)
    assert isinstance(small.missing, NotEnough)
    assert small.missing.have < small.missing.need
    assert (split.p, split.differs) == (None, False)
