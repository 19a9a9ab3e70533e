import re

import pytest
from django.test import Client

from kizuna.listen.surveys.models import Invitation
from kizuna.listen.surveys.queries import survey_id_of
from kizuna.listen.surveys.tests.conftest import sign_in
from kizuna.listen.surveys.tests.records import answer, record

pytestmark = pytest.mark.django_db


def test_staff_issue_a_link_and_read_the_answer(client: Client, hanako: int, link: object) -> None:
    Invitation.objects.all().delete()
    sign_in(client, "agent")
    issue = f"/surveys/{survey_id_of(slug='nps')}/issue/"
    assert "山田 花子" in client.get(issue, {"q": "花子"}).content.decode()
    assert "山田 花子" in client.get(issue, {"q": "hanako@example.jp"}).content.decode()

    response = client.post(issue, {"person": hanako, "channel": "qr", "locale": "ja", "store": ""})
    page = client.get(response["Location"]).content.decode()
    found = re.search(r"http://127\.0\.0\.1:8000(/s/[^\s<\"]+)", page)
    assert found
    assert "<svg" in page

    assert client.post(found[1], {"score": "2", "comment": "在庫がありませんでした"}).status_code == 302
    detail = client.get(f"/surveys/{survey_id_of(slug='nps')}/").content.decode()
    assert "在庫がありませんでした" in detail
    assert "山田 花子" in detail
    assert "100.0" in detail  # the response rate with its interval
    assert "20.7" in detail
    assert "在庫がありませんでした" not in client.get(f"/surveys/{survey_id_of(slug='csat')}/").content.decode()


def test_store_staff_see_and_ask_for_their_own_store_only(client: Client, hanako: int, link: object) -> None:
    record(answer("a1", customer="hanako", store="銀座店", comment="銀座の話"))
    record(answer("a2", customer="jiro", store="新宿店", comment="新宿の話"))
    sign_in(client, "store_staff", ("銀座店",))

    page = client.get("/surveys/answers/").content.decode()
    assert "銀座の話" in page
    assert "新宿の話" not in page
    assert "新宿の話" not in client.get("/surveys/answers/", {"store": "新宿店"}).content.decode()
    assert client.get(f"/surveys/links/{Invitation.objects.get().pk}/").status_code == 404

    issue = f"/surveys/{survey_id_of(slug='nps')}/issue/"
    elsewhere = {"person": hanako, "channel": "link", "locale": "ja", "store": "新宿店"}
    assert client.post(issue, elsewhere).status_code == 200
    assert Invitation.objects.count() == 1
    assert client.post(issue, elsewhere | {"store": "銀座店"}).status_code == 302
    assert client.get(f"/surveys/links/{Invitation.objects.latest('pk').pk}/").status_code == 200


def test_answers_are_filtered(client: Client) -> None:
    record(
        answer("a1", score=10, comment="満点の人", touchpoint="store"),
        answer("a2", score=0, comment="零点の人"),
        answer("a3", score=7, comment=""),
        answer("a4", instrument="ces5", score=1, comment="楽でした"),
    )
    sign_in(client, "manager")

    def page(**query: str) -> str:
        return client.get("/surveys/answers/", query).content.decode()

    assert "満点の人" in page(band="high")
    assert "楽でした" in page(band="high")  # low effort is the good end
    assert "零点の人" not in page(band="high")
    assert "零点の人" in page(touchpoint="delivery", instrument="nps")
    assert "満点の人" not in page(touchpoint="delivery", instrument="nps")
    assert "満点の人" in page(day_from="2026-05-20", day_to="2026-05-20")
    assert "満点の人" not in page(day_from="2026-05-21")
    assert "満点の人" in page(day_from="not a day", page="999")
    assert "日付を入れ替えてください" in page(day_from="2026-05-21", day_to="2026-05-20")
    assert "日付を入れ替えてください" not in page(day_from="2026-05-20", day_to="2026-05-20")


def test_an_export_holds_the_filtered_answers_and_no_names(client: Client, hanako: int, link: object) -> None:
    record(answer("a1", customer="hanako", comment="=1+1"), answer("a2", score=0, comment="零点"))
    sign_in(client, "owner")

    response = client.get("/surveys/answers/export/", {"format": "csv", "band": "high"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(text.splitlines()) == 2
    assert "'=1+1" in text
    assert "花子" not in text
    assert client.get("/surveys/answers/export/", {"format": "xlsx"}).status_code == 200


def test_an_empty_shop_is_told_what_to_do(client: Client, link: object) -> None:
    Invitation.objects.all().delete()
    sign_in(client, "owner")
    for address in ("/surveys/", "/surveys/answers/", "/surveys/links/", "/surveys/scales/", "/reviews/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "k-empty" in response.content.decode()
