import pytest

from kizuna.facts.catalogue import AnswerAmended, SurveyAnswered
from kizuna.listen.surveys.models import Answer, SupersededAnswer
from kizuna.listen.surveys.tests.records import answer, published, record

pytestmark = pytest.mark.django_db


def test_importing_the_same_answers_twice_changes_nothing() -> None:
    answers = [answer("a1"), answer("a2", customer="", comment=""), answer("a3", instrument="csat5", score=4)]

    assert record(*answers) == ["created"] * 3
    before = list(Answer.objects.order_by("pk").values())
    assert record(*answers, import_id=2) == ["unchanged"] * 3

    assert list(Answer.objects.order_by("pk").values()) == before
    assert not SupersededAnswer.objects.exists()
    facts = published("SurveyAnswered", "AnswerAmended")
    assert [type(fact) for fact in facts] == [SurveyAnswered] * 3
    assert facts[0].touchpoint == "delivery"
    assert [fact.has_comment for fact in facts] == [True, False, True]
    assert facts[1].person_id is None


def test_a_second_line_about_one_answer_amends_the_first() -> None:
    outcomes = record(answer("a1", score=9), answer("a1", score=3), answer("a1", score=3))

    assert outcomes == ["created", "amended", "unchanged"]
    assert Answer.objects.get().score == 3
    facts = published("SurveyAnswered", "AnswerAmended")
    assert [(type(fact), fact.revision, fact.score) for fact in facts] == [
        (SurveyAnswered, 0, 9),
        (AnswerAmended, 1, 3),
    ]
