import pytest
from django.test import Client

from kizuna.listen.surveys.models import Answer, Invitation
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.tests.conftest import token_of
from kizuna.listen.surveys.tests.records import published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "?score=9", "?score=9&comment=x&submit=1", "?thanks=1", "?lang=en&score=0"])
def test_opening_a_link_never_records_a_score(client: Client, live_link: IssuedInvitation, query: str) -> None:
    for _ in range(3):  # mail scanners come several times
        assert client.get(f"/s/{token_of(live_link)}{query}").status_code == 200
        client.head(f"/s/{token_of(live_link)}{query}")
        client.options(f"/s/{token_of(live_link)}{query}")

    assert not Answer.objects.exists()
    assert Invitation.objects.get().answered_at is None
    assert published("SurveyAnswered") == []


def test_a_score_in_the_address_is_only_preselected(client: Client, live_link: IssuedInvitation) -> None:
    page = client.get(f"/s/{token_of(live_link)}?score=9").content.decode()
    assert page.count(" checked") == 1
    assert 'value="9" required aria-label="9" checked' in page

    for false in ("11", "-1", "9.5", "%EF%BC%99", "nan", "99999999999"):
        assert " checked" not in client.get(f"/s/{token_of(live_link)}?score={false}").content.decode()


def test_a_reload_of_the_form_by_head_does_not_count_as_opening(client: Client, live_link: IssuedInvitation) -> None:
    client.head(f"/s/{token_of(live_link)}")
    assert Invitation.objects.get().opened_at is None
    client.get(f"/s/{token_of(live_link)}")
    assert Invitation.objects.get().opened_at is not None
