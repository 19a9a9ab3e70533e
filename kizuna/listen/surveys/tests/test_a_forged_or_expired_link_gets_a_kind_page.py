from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from kizuna.listen.surveys.models import Answer, Invitation
from kizuna.listen.surveys.operations import answer_invitation
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.rules import LinkExpired, LinkForged, new_nonce, signed_token
from kizuna.listen.surveys.tests.conftest import issue, person, token_of
from kizuna.listen.surveys.views.public import FORGED_AT_MOST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def test_a_forged_link_gets_a_kind_page(client: Client, live_link: IssuedInvitation) -> None:
    token = token_of(live_link)
    nonce, _, signature = token.partition(".")
    other = token_of(issue(person_id=person(account_id="other"), now=timezone.now()))
    forged = (
        "x",
        nonce,
        f"{nonce}.",
        token[:-1],
        token.swapcase(),
        f"{other.partition('.')[0]}.{signature}",  # another invitation's signature
        Signer(sep=".", salt="another.use").sign(nonce),  # signed by us, for something else
        signed_token(nonce=new_nonce()),  # signed by us, for no invitation
        "あ" * 30,
        "a" * 5000,
    )
    for false in forged:
        for response in (client.get(f"/s/{false}"), client.post(f"/s/{false}", {"score": "10"})):
            page = response.content.decode()
            assert response.status_code == 404, false
            assert "リンクを確認できません" in page
            assert token not in page
    assert not Answer.objects.exists()


def test_an_expired_link_gets_a_kind_page_and_takes_no_answer(client: Client, live_link: IssuedInvitation) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    for response in (
        client.get(f"/s/{token_of(live_link)}?lang=en"),
        client.post(f"/s/{token_of(live_link)}", {"score": "10", "lang": "en"}),
    ):
        assert response.status_code == 410
        assert "This survey has ended" in response.content.decode()
    with pytest.raises(LinkExpired):
        answer_invitation(token=token_of(live_link), score=10, comment="", now=timezone.now())
    assert not Answer.objects.exists()


def test_a_withdrawn_link_is_a_false_one(live_link: IssuedInvitation) -> None:
    Invitation.objects.update(nonce=None)
    with pytest.raises(LinkForged):
        answer_invitation(token=token_of(live_link), score=10, comment="", now=timezone.now())


def test_guessing_is_slowed_down_but_never_locks_customers_out(client: Client, live_link: IssuedInvitation) -> None:
    statuses = [client.get(f"/s/guess{number}").status_code for number in range(FORGED_AT_MOST + 2)]

    assert statuses[FORGED_AT_MOST - 1] == 404
    assert statuses[-1] == 429
    assert client.get(f"/s/{token_of(live_link)}").status_code == 200
    assert client.post(f"/s/{token_of(live_link)}", {"score": "8"}).status_code == 302
    assert client.get("/s/guess", REMOTE_ADDR="192.0.2.7").status_code == 404
