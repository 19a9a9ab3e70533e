"""A named cast for tests and examples, built through the public operations only."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from kizuna.customers.people.operations import record_people, resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.facts.catalogue import PersonLinked
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.outbox.rules import to_facts
from kizuna.facts.rows.rules import Outcome

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
"""12:00 on 1 April 2026 in Japan: the cast's first day."""


def at(*, days: float = 0) -> datetime:
    """A moment of the cast's calendar."""
    return NOON + timedelta(days=days)


class Cast:
    """People as two sources see them. Misaki shops on the web and at the till; the Suzuki family shares a phone."""

    misaki_web = Sighting(
        source="webshop",
        observed_at=NOON,
        account_id="W-1001",
        email="Misaki.Takahashi@example.jp",
        phone="090-1234-5678",
        family_name="髙橋",
        given_name="美咲",
        family_kana="たかはし",
        given_kana="みさき",
        postcode="150-0001",
        prefecture="東京都",
        city="渋谷区",
        address="神宮前1-2-3 ハイツ絆101",
    )
    misaki_till = Sighting(
        source="smaregi",
        observed_at=NOON,
        account_id="S-77",
        card_no="2900000000777",
        email="ｍｉｓａｋｉ.takahashi@example.jp",
        family_name="高橋",
        given_name="美咲",
    )
    taro_suzuki = Sighting(
        source="webshop",
        observed_at=NOON,
        account_id="W-1002",
        email="taro.suzuki@example.jp",
        phone="03-5555-1212",
        family_name="鈴木",
        given_name="太郎",
    )
    hanako_suzuki = Sighting(
        source="smaregi",
        observed_at=NOON,
        account_id="S-78",
        phone="０３−５５５５−１２１２",
        family_name="鈴木",
        given_name="花子",
    )
    docomo_guest = Sighting(source="webshop", observed_at=NOON, email="a..b.@docomo.ne.jp", display_name="佐藤 一")
    rakuten_guest = Sighting(
        source="rakuten",
        observed_at=NOON,
        email="0123abcd@pc.fw.rakuten.ne.jp",
        family_name="田中",
        given_name="実",
        phone="0312345678",
        accepts_mail=True,
    )


CAST = Cast


def record(*sightings: Sighting, import_id: int | None = 1, now: datetime = NOON) -> list[Outcome]:
    """Record sightings as one chunk of an import."""
    with transaction.atomic():
        return record_people(sightings=sightings, import_id=import_id, now=now)


def resolve(*sightings: Sighting, import_id: int | None = 1, now: datetime = NOON) -> list[int]:
    """The record ids of sightings that can be recognised."""
    with transaction.atomic():
        found = resolve_people(sightings=sightings, import_id=import_id, now=now)
    return [person for person in found if person is not None]


def linked() -> list[tuple[int, int, int]]:
    """(person, root, revision) of every PersonLinked fact, in the order they were published."""
    return [
        (fact.person_id, fact.root_id, fact.revision)
        for entry in OutboxEntry.objects.filter(fact_type="PersonLinked").order_by("id")
        for fact in to_facts(fact_type="PersonLinked", payload=bytes(entry.payload))
        if isinstance(fact, PersonLinked) and fact.person_id is not None
    ]
