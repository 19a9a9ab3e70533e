from dataclasses import replace

import msgspec
import pytest

from kizuna.act.practices.models import Practice, PracticeVersion
from kizuna.act.practices.rules.flow import Flow, to_text
from kizuna.facts.catalogue import Fact
from kizuna.prove.trials.queries import Shown, Verdict, effect
from kizuna.prove.trials.tests.world import NOW, PRACTICE, START, assigned, order, practice, tell
from kizuna.stats.estimate import Interval

pytestmark = pytest.mark.django_db


def _second_version(*, holdout_share: float) -> None:
    row = Practice.objects.get(name=PRACTICE)
    first = PracticeVersion.objects.get(practice=row, number=1)
    flow = msgspec.json.decode(first.flow, type=Flow)
    changed = msgspec.structs.replace(flow, holdout_share=holdout_share)
    PracticeVersion.objects.create(
        practice=row, number=2, flow=to_text(flow=changed), created_at=START, created_by="test"
    )


def test_a_season_is_not_an_effect() -> None:
    """In the first version a fifth is held out and few come back; in the second, at year's end, a half and many do."""
    practice(holdout_share=0.2)
    _second_version(holdout_share=0.5)
    facts: list[Fact] = [order(900_000, 59)]
    for person in range(1, 2001):
        version = 1 if person <= 1000 else 2
        held_out = person % (5 if version == 1 else 2) == 0
        facts += [order(person, -5), replace(assigned(person, held_out=held_out), version=version)]
        if (person // 10) % 10 < (2 if version == 1 else 6):
            facts.append(order(person, 10))
    tell(*facts)
    found = effect(practice=PRACTICE, metric="repeat_rate", now=NOW)
    shares = {one.held_out: one.value.value for one in found.arms if isinstance(one.value, Interval)}
    assert shares[False] - shares[True] < -0.1  # served customers only came earlier
    assert isinstance(found.effect, Shown)
    assert found.effect.value == pytest.approx(0.0, abs=1e-9)
    assert (found.verdict, found.srm_alert, found.grade) == (Verdict.UNCLEAR, False, 3)
