import pytest
from django.test import Client
from django.utils import timezone

from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.tests.conftest import issue, token_of

pytestmark = pytest.mark.django_db


def test_the_customers_page_speaks_both_languages(client: Client, hanako: int, live_link: IssuedInvitation) -> None:
    japanese = client.get(f"/s/{token_of(live_link)}", headers={"Accept-Language": "en"})
    assert '<html lang="ja">' in japanese.content.decode()
    assert "お勧めしたいと思いますか" in japanese.content.decode()
    assert japanese["Content-Language"] == "ja"

    switched = client.get(f"/s/{token_of(live_link)}?lang=en").content.decode()
    assert '<html lang="en">' in switched
    assert "How likely are you to recommend us" in switched
    assert 'name="lang" value="en"' in switched

    english = issue(person_id=hanako, slug="ces", locale="en", now=timezone.now())
    assert "Strongly agree" in client.get(f"/s/{token_of(english)}").content.decode()


def test_every_ready_made_survey_can_be_answered(client: Client, hanako: int) -> None:
    for slug, buttons in (("nps", 11), ("csat", 5), ("ces", 7)):
        link = issue(person_id=hanako, slug=slug, now=timezone.now())
        page = client.get(f"/s/{token_of(link)}").content.decode()
        assert page.count('type="radio"') == buttons
        assert client.post(f"/s/{token_of(link)}", {"score": "5"}).status_code == 302
