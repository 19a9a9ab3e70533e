from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.operations import answer_invitation
from kizuna.listen.surveys.tests.conftest import issue, person, token_of
from kizuna.listen.surveys.tests.records import NOW, answer, published, record

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
WRITERS = 8


def at_once(*tasks: "object") -> list[object]:
    barrier = Barrier(len(tasks))

    def run(task: object) -> object:
        barrier.wait()
        try:
            return task()  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_submissions_at_once_are_one_answer() -> None:
    token = token_of(issue(person_id=person(account_id="hanako")))

    def submit() -> object:
        return answer_invitation(token=token, score=9, comment="同じ内容", now=NOW)

    outcomes = at_once(*[submit] * WRITERS)

    assert sorted(outcomes) == ["created"] + ["unchanged"] * (WRITERS - 1)  # type: ignore[type-var]
    assert Answer.objects.count() == 1
    assert len(published("SurveyAnswered", "AnswerAmended")) == 1


def test_different_submissions_at_once_leave_one_answer_and_every_change_told() -> None:
    token = token_of(issue(person_id=person(account_id="hanako")))
    tasks = [
        lambda score=score: answer_invitation(token=token, score=score, comment="", now=NOW) for score in range(WRITERS)
    ]

    outcomes = at_once(*tasks)

    assert sorted(outcomes) == ["amended"] * (WRITERS - 1) + ["created"]  # type: ignore[type-var]
    facts = published("SurveyAnswered", "AnswerAmended")
    assert sorted(fact.revision for fact in facts) == list(range(WRITERS))
    last = max(facts, key=lambda fact: fact.revision)
    assert Answer.objects.get().score == last.score


def test_the_same_file_imported_twice_at_once_is_recorded_once() -> None:
    answers = [answer(f"a{number}") for number in range(200)]

    outcomes = at_once(lambda: record(*answers), lambda: record(*answers, import_id=2))

    assert sorted(map(str, outcomes)) == [str(["created"] * 200), str(["unchanged"] * 200)]
    assert Answer.objects.count() == 200
