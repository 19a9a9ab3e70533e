from datetime import timedelta

import pytest
from django.db import connection, transaction

from kizuna.customers.people.operations import erase_people as erase_person
from kizuna.listen.surveys.models import Answer, Invitation
from kizuna.listen.surveys.operations import answer_invitation, erase_people, undo_import
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.rules import LinkForged
from kizuna.listen.surveys.tests.conftest import token_of
from kizuna.listen.surveys.tests.records import NOW, answer, published, record

SECRETS = ("秘密の一言", "前に書いたこと", "リンクで書いたこと")


def in_database(text: str) -> bool:
    with connection.cursor() as cursor:
        for table in ("surveys_answer", "surveys_supersededanswer", "surveys_invitation"):
            cursor.execute(f"SELECT * FROM {table}")
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                return True
    return False


def test_an_erased_customer_leaves_scores_and_no_words(hanako: int, link: IssuedInvitation) -> None:
    record(answer("a1", customer="hanako", comment=SECRETS[1]))
    record(answer("a1", customer="hanako", comment=SECRETS[0]), import_id=2)
    answer_invitation(token=token_of(link), score=10, comment=SECRETS[2], now=NOW)
    record(answer("b1", customer="jiro", comment="ほかのお客様"))
    scores = sorted(Answer.objects.values_list("person_id", "score"))
    facts = len(published("SurveyAnswered", "AnswerAmended", "AnswerVoided"))
    assert all(in_database(secret) for secret in SECRETS)

    assert erase_people(root_id=hanako, now=NOW + timedelta(days=1)) == 2
    with transaction.atomic():
        erase_person(root_id=hanako, now=NOW + timedelta(days=1))

    assert not any(in_database(secret) for secret in SECRETS)
    assert in_database("ほかのお客様")
    assert sorted(Answer.objects.values_list("person_id", "score")) == scores
    assert len(published("SurveyAnswered", "AnswerAmended", "AnswerVoided")) == facts
    with pytest.raises(LinkForged):
        answer_invitation(token=token_of(link), score=1, comment="", now=NOW)
    assert Invitation.objects.get().answered_at == NOW


def test_importing_the_file_again_does_not_bring_the_words_back(hanako: int) -> None:
    record(answer("a1", customer="hanako", comment=SECRETS[0]))
    erase_people(root_id=hanako, now=NOW)

    assert record(answer("a1", customer="hanako", comment=SECRETS[0]), import_id=2) == ["unchanged"]
    assert not in_database(SECRETS[0])


def test_undoing_an_import_does_not_bring_the_words_back(hanako: int) -> None:
    record(answer("a1", customer="hanako", comment=SECRETS[0]))
    record(answer("a1", customer="hanako", comment=SECRETS[1]), import_id=2)
    erase_people(root_id=hanako, now=NOW)

    with transaction.atomic():
        undo_import(import_id=2, now=NOW)
    assert not any(in_database(secret) for secret in SECRETS)
    assert Answer.objects.count() == 1
