import pytest

from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import Shown, practice_effects
from kizuna.prove.trials.tests.world import NOW, PRACTICE, assigned, order, practice, shop, tell
from kizuna.stats.multiplicity import holm

pytestmark = pytest.mark.django_db


def test_the_main_metric_stands_alone_and_the_others_are_adjusted() -> None:
    practice(goals=[("repeat_rate", 30), ("sales", 30), ("orders", 30), ("active_customers", 30)])
    tell(*shop(treated=200, held_out=200, treated_buy=80, held_out_buy=50))
    main, *others = practice_effects(practice=PRACTICE, now=NOW)
    assert (main.primary, main.metric) == (True, "repeat_rate")
    assert main.p_adjusted == main.effect.p  # type: ignore[union-attr]
    alone = [one.effect.p for one in others if isinstance(one.effect, Shown)]
    assert [one.p_adjusted for one in others] == list(holm(p_values=alone))


def test_a_metric_nobody_named_is_one_more_secondary() -> None:
    practice(goals=[("repeat_rate", 30), ("sales", 30)])
    tell(*shop(treated=200, held_out=200, treated_buy=80, held_out_buy=50))
    found = practice_effects(practice=PRACTICE, metric="orders", now=NOW)
    assert [(one.metric, one.primary) for one in found] == [("repeat_rate", True), ("sales", False), ("orders", False)]
    alone = [one.effect.p for one in found[1:] if isinstance(one.effect, Shown)]
    assert [one.p_adjusted for one in found[1:]] == list(holm(p_values=alone))


def test_several_ways_are_each_held_against_the_held_out() -> None:
    practice(arms=("a", "b"), holdout_share=1 / 3)
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 301):
        arm = ("a", "b", "")[person % 3]
        facts += [order(person, -5), assigned(person, held_out=arm == "", arm=arm or "a")]
        if person <= {"a": 210, "b": 120, "": 90}[arm]:
            facts.append(order(person, 10))
    tell(*facts)
    (found,) = practice_effects(practice=PRACTICE, now=NOW)
    assert [arm.counted for arm in found.arms] == [100, 100, 100]
    assert {one.name: round(one.effect.value, 6) for one in found.by_arm} == {"a": 0.4, "b": 0.1}  # type: ignore[union-attr]
    assert found.effect.value == pytest.approx(0.25)  # type: ignore[union-attr]


def test_segments_get_bands_and_the_interaction_has_the_word() -> None:
    practice()
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 801):
        new, held_out = person <= 400, person % 2 == 0
        facts += [order(person, -5), *([] if new else [order(person, -9)]), assigned(person, held_out=held_out)]
        place = (person - 1) % 400 // 2
        if place < (120 if new and not held_out else 40):
            facts.append(order(person, 10))
    tell(*facts)
    (found,) = practice_effects(practice=PRACTICE, now=NOW)
    (split,) = found.parts  # one store only, so there is nothing to split by
    values = {part.name: round(part.value or 0.0, 3) for part in split.parts}
    assert (split.by, values, split.differs) == ("segment", {"new": 0.4, "repeat": 0.0}, True)
    assert split.p is not None
    assert split.p < 1e-6
