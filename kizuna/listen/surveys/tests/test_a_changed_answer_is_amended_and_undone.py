from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.facts.catalogue import AnswerAmended, AnswerVoided, SurveyAnswered
from kizuna.listen.surveys.models import Answer, SupersededAnswer
from kizuna.listen.surveys.operations import undo_import
from kizuna.listen.surveys.tests.records import NOW, answer, published, record

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def undo(import_id: int) -> int:
    with transaction.atomic():
        return undo_import(import_id=import_id, now=LATER)


def test_a_changed_answer_is_amended_and_undone() -> None:
    record(answer("a1", score=9), answer("a2"), import_id=1)
    first = Answer.objects.get(external_id="a1")
    assert record(answer("a1", score=2, comment="壊れていた"), import_id=2) == ["amended"]

    amended = Answer.objects.get(external_id="a1")
    assert (amended.pk, amended.score, amended.comment, amended.revision) == (first.pk, 2, "壊れていた", 1)
    assert undo(2) == 1

    restored = Answer.objects.get(external_id="a1")
    assert (restored.score, restored.comment, restored.import_id, restored.revision) == (9, first.comment, 1, 2)
    assert not SupersededAnswer.objects.exists()
    facts = [fact for fact in published("SurveyAnswered", "AnswerAmended") if fact.answer_id == first.pk]
    assert [(type(fact), fact.revision, fact.score) for fact in facts] == [
        (SurveyAnswered, 0, 9),
        (AnswerAmended, 1, 2),
        (AnswerAmended, 2, 9),
    ]
    assert record(answer("a1", score=9), import_id=3) == ["unchanged"]


def test_undoing_an_import_voids_what_only_it_brought() -> None:
    record(answer("a1"), answer("a2"), import_id=1)
    ids = set(Answer.objects.values_list("pk", flat=True))

    assert undo(1) == 2

    assert not Answer.objects.exists()
    voided = published("AnswerVoided")
    assert {fact.answer_id for fact in voided} == ids
    assert {type(fact) for fact in voided} == {AnswerVoided}
    assert {fact.revision for fact in voided} == {1}
    assert record(answer("a1"), import_id=2) == ["created"]


def test_undoing_the_first_import_keeps_what_the_second_says() -> None:
    record(answer("a1", score=9), import_id=1)
    record(answer("a1", score=2), import_id=2)

    undo(1)
    assert Answer.objects.get().score == 2

    undo(2)
    assert not Answer.objects.exists()


def test_three_imports_can_be_undone_in_any_order() -> None:
    for import_id, score in ((1, 1), (2, 2), (3, 3)):
        record(answer("a1", score=score), import_id=import_id)

    undo(2)
    assert Answer.objects.get().score == 3
    undo(3)
    assert Answer.objects.get().score == 1
    undo(1)
    assert not Answer.objects.exists()
