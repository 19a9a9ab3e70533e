"""A merge is evidence, an un-merge its retraction; a retracted edge stays so when the file comes again."""

import pytest

from kizuna.customers.people.models import Evidence, Person
from kizuna.customers.people.operations import NothingToMerge, merge_people, retract_evidence
from kizuna.customers.people.queries import NoSuchPerson, profile, records_of
from kizuna.customers.people.tests.cast import CAST, at, linked, record, resolve
from kizuna.facts.audit.queries import verify_chain

pytestmark = pytest.mark.django_db


def roots() -> dict[int, int]:
    return {id_: root or id_ for id_, root in Person.objects.values_list("id", "root_id")}


def test_the_same_mail_in_two_sources_makes_one_customer() -> None:
    web, till = resolve(CAST.misaki_web, CAST.misaki_till)
    assert records_of(person_id=till) == (web, till)
    shown = profile(person_id=till)
    assert shown.root_id == web
    assert {card.joins for card in shown.evidence if card.kind == "mail"} == {(web,), (till,)}


def test_a_merge_and_its_retraction_leave_everything_as_it_was() -> None:
    web, till, taro, hanako = resolve(CAST.misaki_web, CAST.misaki_till, CAST.taro_suzuki, CAST.hanako_suzuki)
    before = roots()
    assert merge_people(person_ids=[hanako, taro, till], actor="user:1", now=at(days=1)) == web
    assert set(roots().values()) == {web}
    manual = Evidence.objects.filter(kind="manual").order_by("-person_id")
    retract_evidence(evidence_id=manual[0].pk, actor="user:1", now=at(days=2))
    assert records_of(person_id=hanako) == (hanako,)
    retract_evidence(evidence_id=manual[1].pk, actor="user:1", now=at(days=2))
    assert roots() == before
    told = {person: root for person, root, _ in linked()}
    assert {person: told.get(person, person) for person in before} == before
    verify_chain()


def test_a_retracted_edge_stays_retracted_when_the_same_file_comes_again() -> None:
    web, till = resolve(CAST.misaki_web, CAST.misaki_till)
    mail = Evidence.objects.get(person_id=till, kind="mail")
    retract_evidence(evidence_id=mail.pk, actor="user:1", now=at(days=1))
    assert records_of(person_id=web) == (web,)
    assert record(CAST.misaki_till, CAST.misaki_web, import_id=2, now=at(days=2)) == ["unchanged", "unchanged"]
    assert records_of(person_id=web) == (web,)
    assert records_of(person_id=till) == (till,)


def test_retracting_a_bridge_splits_the_cluster_in_two() -> None:
    web, till, taro = resolve(CAST.misaki_web, CAST.misaki_till, CAST.taro_suzuki)
    merge_people(person_ids=[till, taro], actor="user:1", now=at(days=1))
    mail = Evidence.objects.get(person_id=till, kind="mail")
    retract_evidence(evidence_id=mail.pk, actor="user:1", now=at(days=2))
    assert records_of(person_id=web) == (web,)
    assert records_of(person_id=taro) == (till, taro)


def test_one_record_alone_cannot_be_merged_and_unknown_ones_are_named() -> None:
    (web,) = resolve(CAST.misaki_web)
    with pytest.raises(NothingToMerge):
        merge_people(person_ids=[web, web], actor="user:1", now=at())
    with pytest.raises(NoSuchPerson):
        merge_people(person_ids=[web, web + 99], actor="user:1", now=at())
