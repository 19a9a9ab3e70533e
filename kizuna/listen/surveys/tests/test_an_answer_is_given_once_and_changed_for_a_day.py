from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.facts.catalogue import AnswerAmended, SurveyAnswered, SurveySent
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.listen.surveys.models import Answer, Invitation
from kizuna.listen.surveys.operations import answer_invitation
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.rules import LinkClosed, ScoreOutOfScale
from kizuna.listen.surveys.tests.conftest import token_of
from kizuna.listen.surveys.tests.records import NOW, published

pytestmark = pytest.mark.django_db


def test_an_answer_is_given_once_and_changed_for_a_day(hanako: int, link: IssuedInvitation) -> None:
    token = token_of(link)
    assert answer_invitation(token=token, score=3, comment=" 遅かった ", now=NOW) == "created"
    assert answer_invitation(token=token, score=3, comment="遅かった", now=NOW) == "unchanged"
    late = NOW + timedelta(hours=23, minutes=59)
    assert answer_invitation(token=token, score=8, comment="解決しました", now=late) == "amended"
    with pytest.raises(LinkClosed):
        answer_invitation(token=token, score=0, comment="", now=NOW + timedelta(hours=24))

    answer = Answer.objects.get()
    assert (answer.score, answer.comment, answer.answered_at, answer.person_id) == (8, "解決しました", NOW, hanako)
    facts = published("SurveyAnswered", "AnswerAmended")
    assert [(type(fact), fact.revision, fact.score) for fact in facts] == [
        (SurveyAnswered, 0, 3),
        (AnswerAmended, 1, 8),
    ]
    assert {fact.occurred_at for fact in facts} == {NOW}
    assert {fact.invitation_id for fact in facts} == {link.invitation_id}
    assert {fact.touchpoint for fact in facts} == {"repeat"}


def test_asking_and_answering_wake_the_reactions(link: IssuedInvitation) -> None:
    answer_invitation(token=token_of(link), score=3, comment="", now=NOW)

    sent = published("SurveySent")
    assert [(type(fact), fact.survey, fact.instrument) for fact in sent] == [(SurveySent, "nps", "nps")]
    assert set(OutboxEntry.objects.filter(fact_type__in=["SurveySent", "SurveyAnswered"]).values_list("wakes")) == {
        (True,)
    }


def test_a_score_the_scale_lacks_is_refused_and_the_words_stay_in_the_form(
    client: Client, live_link: IssuedInvitation
) -> None:
    address = f"/s/{token_of(live_link)}"
    for score in ("11", "-1", "", "nan", "8.5", "９", "1e1"):
        response = client.post(address, {"score": score, "comment": "書きかけの理由"})
        assert response.status_code == 422, score
        assert "書きかけの理由" in response.content.decode()
    with pytest.raises(ScoreOutOfScale):
        answer_invitation(token=token_of(live_link), score=11, comment="", now=timezone.now())
    assert not Answer.objects.exists()


def test_the_browser_goes_through_form_thanks_and_change(client: Client, live_link: IssuedInvitation) -> None:
    address = f"/s/{token_of(live_link)}"
    response = client.post(address, {"score": "9", "comment": "親切でした", "lang": "ja"})
    assert (response.status_code, response["Location"]) == (302, f"{address}?thanks=1&lang=ja")
    assert "ありがとうございました" in client.get(response["Location"]).content.decode()

    form = client.get(address).content.decode()
    assert "親切でした" in form
    assert 'value="9" required aria-label="9" checked' in form

    Invitation.objects.update(answered_at=timezone.now() - timedelta(days=2))
    closed = client.get(address).content.decode()
    assert "親切でした" not in closed
    assert "<form" not in closed
    assert client.post(address, {"score": "1"}).status_code == 409
    assert Answer.objects.get().score == 9
