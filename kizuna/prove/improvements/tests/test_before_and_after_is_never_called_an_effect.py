"""What the NPS of Nagoya did after its till was mended is held against the stores that did not mend theirs."""

import pytest

from kizuna.prove.improvements.models import Improvement
from kizuna.prove.improvements.tests.shop import NOW, signed_in
from kizuna.prove.improvements.tests.till import shown
from kizuna.prove.trials.queries import Verdict

pytestmark = pytest.mark.django_db


def test_against_other_stores_it_is_an_effect_of_the_second_grade() -> None:
    found = shown(lift=120.0)
    assert (found.grade, found.treated, found.control) == (2, 1, 5)
    assert found.effect is not None
    assert found.effect.low > 0.0
    assert found.verdict is Verdict.WORKS


def test_no_change_is_not_known_yet() -> None:
    found = shown(lift=0.0)
    assert (found.grade, found.verdict) == (2, Verdict.UNCLEAR)


def test_done_everywhere_there_is_nothing_to_compare_with() -> None:
    found = shown(lift=120.0, where=())
    assert (found.grade, found.effect, found.verdict) == (1, None, None)
    assert "全店" in found.because.ja


def test_three_stores_are_too_few() -> None:
    found = shown(lift=120.0, codes=("nagoya", "kyoto", "osaka"))
    assert (found.grade, found.effect) == (1, None)


def test_a_page_of_the_first_grade_does_not_say_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kizuna.prove.improvements.views.pages.present", lambda: NOW)
    shown(lift=120.0, where=())
    page = signed_in("manager").get(f"/improvements/{Improvement.objects.get().pk}/").content.decode()
    moved = page[page.index("指標の動き") : page.index("数値</summary>")]
    assert "★1" in moved
    assert "平均への回帰" in moved
    assert "効果あり" not in moved
    assert "p = " not in moved
