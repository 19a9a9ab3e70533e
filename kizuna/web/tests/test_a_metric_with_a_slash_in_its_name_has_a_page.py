"""A company names its own questions as it likes; each has an address, and no name breaks the list of metrics."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kizuna.customers.staff.rules import Role
from kizuna.facts.catalogue import SurveyAnswered
from kizuna.facts.lake.operations import write_due
from kizuna.facts.outbox.operations import publish
from kizuna.facts.state.operations import advance
from kizuna.understand.metrics.operations import refresh
from kizuna.web.tests.conftest import SignedIn

NAMES = ("own:味/香り", "own:100%/2F", "own:a?b#c", 'own:"></script><script>alert(1)</script>')


def _answers(name: str) -> None:
    now = timezone.now()
    facts = [
        SurveyAnswered(occurred_at=now, person_id=None, touchpoint="store", answer_id=id_, instrument=name, score=score)
        for id_, score in ((1, 3.0), (2, 5.0))
    ]
    with transaction.atomic():
        publish(facts=facts, now=now, wake=False)
    write_due(now=now, limit=100)
    advance(now=now)
    refresh(now=now)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.django_db
def test_the_list_links_to_it_and_the_page_opens(name: str, signed_in: SignedIn) -> None:
    _answers(name)
    client: Client = signed_in(Role.OWNER)
    address = reverse("metric", args=[name])
    listed = client.get("/metrics/")
    assert listed.status_code == 200
    assert f'href="{address}"' in listed.content.decode()
    assert client.get(address).status_code == 200
    assert client.get(reverse("metric_export", args=[name])).status_code == 200
    assert "<script>alert" not in client.get(address).content.decode()
