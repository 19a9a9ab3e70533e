import json

import pytest
from django.test import Client

from kizuna.cli.main import main
from kizuna.listen.surveys.models import Invitation
from kizuna.listen.surveys.tests.conftest import person

pytestmark = pytest.mark.django_db


def test_invite_prints_a_link_that_opens(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    hanako = person(account_id="hanako", email="hanako@example.jp", display_name="山田 花子")

    for who in (str(hanako), "Hanako@example.jp"):
        assert main(["invite", who, "--survey", "ces", "--locale", "en", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["person_id"], told["survey"], told["locale"]) == (hanako, "ces", "en")
        page = client.get(told["url"].removeprefix("http://127.0.0.1:8000"))
        assert page.status_code == 200
        assert "easy to get my question resolved" in page.content.decode()


@pytest.mark.parametrize("arguments", [["nobody@example.jp"], ["999999"], ["1", "--survey", "unknown"]])
def test_invite_refuses_with_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", *arguments]) == 2
    assert capsys.readouterr().err.strip()
    assert not Invitation.objects.exists()
