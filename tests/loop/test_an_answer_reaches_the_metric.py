"""The first turn of the loop: a personal link, an answer on the phone, the worker, the number on the home page."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from kizuna.cli.worker import Worker
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.listen.surveys.operations import ensure_standard_surveys, invite
from kizuna.listen.surveys.queries import survey_id_of
from kizuna.stats.estimate import Estimate
from kizuna.understand.metrics.queries import forget_answers, measure


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget_answers()
    yield
    forget_answers()


def _link(*, mail: str, now: datetime) -> str:
    sighting = Sighting(source="shop", observed_at=now, email=mail)
    with transaction.atomic():
        person_id = resolve_people(sightings=[sighting], import_id=None, now=now)[0]
    assert person_id is not None
    ensure_standard_surveys(now=now)
    survey_id = survey_id_of(slug="nps")
    return invite(survey_id=survey_id, person_id=person_id, order_id=None, channel="link", now=now).url


def _work() -> None:
    worker = Worker(rest=0.0)
    while sum(step() for _, step in worker.steps()) > 0:
        pass


def _nps() -> Estimate:
    (total,) = measure(metric="nps", now=datetime.now(UTC))
    assert isinstance(total.result, Estimate)
    return total.result


@pytest.mark.django_db(transaction=True)
def test_an_answer_behind_a_personal_link_is_in_the_metric_after_one_round_of_the_worker(client: Client) -> None:
    links = [_link(mail=f"customer{number}@example.jp", now=datetime.now(UTC)) for number in range(6)]
    for score, link in zip((10, 9, 9, 8, 3), links, strict=False):
        answered = client.post("/s/" + link.rpartition("/s/")[2], {"score": str(score), "comment": "また来ます"})
        assert answered.status_code in {200, 302, 303}
    _work()
    assert _nps().n == 5
    assert _nps().value == pytest.approx(40.0)

    late = client.post("/s/" + links[5].rpartition("/s/")[2], {"score": "0"})
    assert late.status_code in {200, 302, 303}
    _work()
    assert _nps().n == 6
    assert _nps().value == pytest.approx(100 / 6)


@pytest.mark.django_db(transaction=True)
def test_a_score_that_the_scale_does_not_have_reaches_nothing(client: Client) -> None:
    link = _link(mail="customer@example.jp", now=datetime.now(UTC))
    client.post("/s/" + link.rpartition("/s/")[2], {"score": "11"})
    _work()
    now = datetime.now(UTC)
    (total,) = measure(metric="nps", now=now)
    assert not isinstance(total.result, Estimate)
