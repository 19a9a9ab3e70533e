import pytest

from kizuna.prove.evidence.queries import adjusted_over_all
from kizuna.prove.trials.queries import effects
from kizuna.prove.trials.tests.world import NOW, PRACTICE, assigned, practice, shop, tell

pytestmark = pytest.mark.django_db


def test_all_practices_together_are_adjusted_for_one_another() -> None:
    practice()
    practice(name="birthday", goals=[("active_customers", 30)])
    facts = shop(treated=200, held_out=200, treated_buy=90, held_out_buy=40)
    facts += [assigned(person, 1, held_out=person % 2 == 0, practice="birthday") for person in range(1, 401)]
    tell(*facts)
    found = effects(now=NOW)
    assert {one.practice for one in found} == {PRACTICE, "birthday"}
    adjusted = adjusted_over_all(reports=tuple(found))
    assert adjusted[PRACTICE, "repeat_rate"] == pytest.approx(2 * found[-1].effect.p)  # type: ignore[union-attr]
