import pytest
from django.test import Client
from django.utils import timezone

from kizuna.facts.audit.queries import verify_chain
from kizuna.listen.surveys.models import OwnInstrument, Survey
from kizuna.listen.surveys.operations import SurveyClosed, ensure_standard_surveys
from kizuna.listen.surveys.queries import survey, survey_id_of
from kizuna.listen.surveys.tests.conftest import issue, sign_in, token_of

pytestmark = pytest.mark.django_db


def test_an_edited_text_reaches_the_customer(client: Client, hanako: int, link: object) -> None:
    survey_id = survey_id_of(slug="nps")
    texts = survey(survey_id=survey_id).texts | {"question_ja": "絆雑貨店をお勧めしますか。", "brand_ja": "絆雑貨店"}
    texts |= {"touchpoint": "店舗", "active": "on"}
    address = token_of(issue(person_id=hanako, now=timezone.now()))
    sign_in(client, "manager")

    assert client.post(f"/surveys/{survey_id}/edit/", texts).status_code == 302

    page = client.get(f"/s/{address}").content.decode()
    assert "絆雑貨店をお勧めしますか。" in page
    assert Survey.objects.get(pk=survey_id).touchpoint == "store"
    assert ensure_standard_surveys(now=timezone.now()) == 0
    assert Survey.objects.get(pk=survey_id).brand_ja == "絆雑貨店"
    preview = client.get(f"/surveys/{survey_id}/preview/").content.decode()
    assert "プレビューです" in preview
    assert "disabled" in preview
    assert verify_chain().intact


def test_a_survey_switched_off_issues_no_links(hanako: int, link: object) -> None:
    Survey.objects.filter(slug="nps").update(active=False)
    with pytest.raises(SurveyClosed):
        issue(person_id=hanako)


def test_a_scale_is_confirmed_in_the_browser(client: Client, link: object) -> None:
    given = {"name": "接客", "low": 1, "high": 4, "title_ja": "接客", "title_en": "Service"}
    sign_in(client, "owner")
    assert client.post("/surveys/scales/", given | {"low": 4}).status_code == 200
    assert not OwnInstrument.objects.exists()
    assert client.post("/surveys/scales/", given).status_code == 302
    assert OwnInstrument.objects.get().confirmed


def test_agents_may_neither_edit_nor_export(client: Client, link: object) -> None:
    sign_in(client, "agent")
    for address in (f"/surveys/{survey_id_of(slug='nps')}/edit/", "/surveys/scales/", "/surveys/answers/export/"):
        assert client.get(address).status_code == 403
