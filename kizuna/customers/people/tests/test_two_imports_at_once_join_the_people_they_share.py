"""Two transactions that each see half of a shared mail must not both miss it."""

import threading

import pytest
from django.db import connection, transaction
from msgspec.structs import replace

from kizuna.customers.people.models import Person
from kizuna.customers.people.operations import merge_people, record_people
from kizuna.customers.people.rules import Sighting
from kizuna.customers.people.tests.cast import CAST, NOON, record, resolve

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*works: object) -> None:
    barrier = threading.Barrier(len(works))
    failed: list[BaseException] = []

    def run(work: object) -> None:
        try:
            barrier.wait()
            work()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def people(source: str) -> list[Sighting]:
    return [
        Sighting(source=source, observed_at=NOON, account_id=str(number), email=f"{number}@example.jp")
        for number in range(300)
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer anyway")
def test_customers_of_two_sources_imported_at_once_are_joined() -> None:
    at_once(lambda: record(*people("web"), import_id=1), lambda: record(*people("till"), import_id=2))
    assert Person.objects.filter(root=None).count() == 300
    assert Person.objects.exclude(root=None).count() == 300


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer anyway")
def test_the_same_file_imported_twice_at_once_makes_each_person_once() -> None:
    at_once(*(lambda: record(*people("web"), import_id=1) for _ in range(4)))
    assert Person.objects.count() == 300


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite admits one writer anyway")
def test_a_merge_during_an_import_is_not_lost() -> None:
    web, taro = resolve(CAST.misaki_web, CAST.taro_suzuki)

    def bring() -> None:
        with transaction.atomic():
            till = replace(CAST.misaki_till, source="till")
            record_people(sightings=[till, *people("till")], import_id=2, now=NOON)

    at_once(bring, lambda: merge_people(person_ids=[web, taro], actor="user:1", now=NOON))
    assert Person.objects.filter(root_id=web).count() == 2
