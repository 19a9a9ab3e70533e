"""Who agreed to what, with the proof, over all records of a customer."""

import pytest
from django.db import transaction
from msgspec.structs import replace

from kizuna.customers.consent.models import Consent
from kizuna.customers.consent.operations import erase_people, record_consent, record_stated, undo_import
from kizuna.customers.consent.queries import consents_of, permission
from kizuna.customers.consent.rules import Proof, UnknownConsent
from kizuna.customers.people.queries import records_of
from kizuna.customers.people.rules import Sighting
from kizuna.customers.people.tests.cast import CAST, NOON, at, resolve
from kizuna.facts.outbox.models import OutboxEntry
from kizuna.facts.rows.rules import Outcome

pytestmark = pytest.mark.django_db

PROOF = Proof(text="メールマガジンを受け取る", ip="192.0.2.7", url="/register")


def say(person: int, *, granted: bool, days: float) -> int:
    return record_consent(
        person_id=person,
        channel="mail",
        purpose="marketing",
        granted=granted,
        proof=PROOF,
        actor="customer",
        now=at(days=days),
    )


def state(*sightings: Sighting, import_id: int = 1) -> list[Outcome]:
    with transaction.atomic():
        proofs = [Proof(file="customers.csv", line=at) for at, _ in enumerate(sightings, start=2)]
        return record_stated(sightings=sightings, proofs=proofs, actor="import", import_id=import_id, now=NOON)


def test_a_refusal_at_the_till_counts_for_the_web_account_of_the_same_customer() -> None:
    web, till = resolve(CAST.misaki_web, CAST.misaki_till)
    assert not permission(person_id=web, channel="mail", purpose="marketing").allowed
    say(web, granted=True, days=1)
    assert permission(person_id=till, channel="mail", purpose="marketing").allowed
    say(till, granted=False, days=2)
    assert not permission(person_id=web, channel="mail", purpose="marketing").allowed
    cards = consents_of(person_ids=records_of(person_id=web))
    assert [(card.granted, card.in_force) for card in cards] == [(False, True), (True, False)]
    assert (cards[0].proof_text, cards[0].proof_ip) == (PROOF.text, PROOF.ip)
    assert list(OutboxEntry.objects.filter(fact_type="ConsentChanged").values_list("wakes", flat=True)) == [True, True]


def test_without_a_statement_only_what_the_order_needs_may_be_sent() -> None:
    (web,) = resolve(CAST.misaki_web)
    assert permission(person_id=web, channel="mail", purpose="service").allowed
    assert not permission(person_id=web, channel="sms", purpose="survey").allowed
    assert permission(person_id=web, channel="mail", purpose="follow_up").allowed


def test_who_is_known_may_be_asked_until_they_refuse_and_is_advertised_to_no_sooner() -> None:
    (web,) = resolve(CAST.misaki_web)
    assert permission(person_id=web, channel="mail", purpose="survey", known=True).allowed
    assert not permission(person_id=web, channel="mail", purpose="marketing", known=True).allowed
    record_consent(
        person_id=web, channel="mail", purpose="survey", granted=False, proof=PROOF, actor="customer", now=NOON
    )
    assert not permission(person_id=web, channel="mail", purpose="survey", known=True).allowed


def test_a_marketplaces_address_takes_no_advertising_whatever_the_file_says() -> None:
    (guest,) = resolve(CAST.rakuten_guest)
    assert state(CAST.rakuten_guest) == ["created"]
    found = permission(person_id=guest, channel="mail", purpose="marketing")
    assert not found.allowed
    assert "モール" in found.reason.ja


def test_files_state_consent_once_and_their_undo_withdraws_it() -> None:
    (web,) = resolve(CAST.misaki_web)
    yes = replace(CAST.misaki_web, accepts_mail=True)
    assert state(yes, CAST.taro_suzuki) == ["created", "unchanged"]
    assert state(yes, import_id=2) == ["unchanged"]
    no = replace(yes, accepts_mail=False, observed_at=at(days=3))
    assert state(no, import_id=3) == ["amended"]
    assert state(yes, import_id=4) == ["unchanged"]  # an old file does not overrule a later refusal
    assert (Consent.objects.order_by("id")[0].proof_file, Consent.objects.order_by("id")[0].proof_line) == (
        "customers.csv",
        2,
    )
    with transaction.atomic():
        assert undo_import(import_id=3, now=at(days=4)) == 1
    assert permission(person_id=web, channel="mail", purpose="marketing").allowed


def test_unknown_channels_are_refused_and_erasing_keeps_the_no() -> None:
    (web,) = resolve(CAST.misaki_web)
    with pytest.raises(UnknownConsent):
        record_consent(
            person_id=web, channel="fax", purpose="marketing", granted=True, proof=PROOF, actor="x", now=NOON
        )
    say(web, granted=False, days=1)
    assert erase_people(root_id=web, now=at(days=2)) == 1
    row = Consent.objects.get()
    assert (row.granted, row.proof_text, row.proof_ip, row.proof_url) == (False, "", None, "")
