"""The lot stays with the record that drew it; a customer of several records is served as one."""

from django.db import transaction

from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Assignment, Enrolment, PersonTag
from kizuna.act.practices.operations import erase_people
from kizuna.act.practices.queries import enrolments_of, export_people, is_held_out
from kizuna.act.practices.rules.flow import End, Node, Tag
from kizuna.act.practices.tests.shop import DAY, Shop, begin, thanks
from kizuna.customers.people.models import Evidence
from kizuna.customers.people.operations import merge_people, retract_evidence


def _delivered(shop: Shop, number: str, customer: str) -> int:
    shop.order(number, customer, delivered_at=shop.now)
    shop.react()
    return shop.person(number)


def test_a_merged_customer_keeps_the_lot_of_whichever_record_drew_it(shop: Shop) -> None:
    begin(shop, thanks())
    shop.order("0", "aoi")
    first = shop.person("0")
    second = _delivered(shop, "1", "aoi-again")
    merge_people(person_ids=[first, second], actor="test", now=shop.now)
    _delivered(shop, "2", "aoi")
    assert list(Assignment.objects.values_list("person_id", flat=True)) == [second]
    assert list(Enrolment.objects.values_list("person_id", flat=True)) == [second, second]
    assert len(enrolments_of(person_ids=[first, second])) == 2


def test_held_out_wins_when_records_with_two_lots_become_one(shop: Shop) -> None:
    name = begin(shop, thanks(holdout_share=0.5))
    people = {number: _delivered(shop, str(number), f"customer{number}") for number in range(24)}
    held = next(person for person in people.values() if is_held_out(practice=name, person_id=person))
    treated = next(person for person in people.values() if not is_held_out(practice=name, person_id=person))
    before = Enrolment.objects.count()
    merge_people(person_ids=[held, treated], actor="test", now=shop.now)
    assert is_held_out(practice=name, person_id=treated)
    assert is_held_out(practice=name, person_id=held)
    number = next(number for number, person in people.items() if person == treated)
    shop.order("again", f"customer{number}", delivered_at=shop.now)
    shop.react()
    assert Enrolment.objects.count() == before
    assert Assignment.objects.count() == 24


def test_nothing_is_written_to_one_about_the_order_of_another_once_they_are_parted(shop: Shop) -> None:
    begin(shop, thanks())
    first = _delivered(shop, "0", "aoi")
    shop.order("1", "ren")
    second = shop.person("1")
    merge_people(person_ids=[first, second], actor="test", now=shop.now)
    _delivered(shop, "2", "ren")
    manual = Evidence.objects.filter(kind="manual", person_id=second).get()
    retract_evidence(evidence_id=manual.pk, actor="test", now=shop.now)
    shop.wait(3 * DAY)
    shop.step()
    assert list(Enrolment.objects.order_by("id").values_list("state", "reason")) == [
        ("done", ""),
        ("left", "people_parted"),
    ]
    assert list(Message.objects.values_list("person_id", flat=True)) == [first]


def test_erasing_empties_what_was_noted_and_leaves_the_lot(shop: Shop) -> None:
    nodes: dict[str, Node] = {"tag": Tag(tag="ご紹介", next="end"), "end": End()}
    begin(shop, thanks())
    begin(shop, thanks(nodes=nodes, first="tag"), name="tagging")
    person = _delivered(shop, "1", "aoi")
    shop.step()
    assert PersonTag.objects.count() == 1
    told = export_people(person_ids=[person])
    assert told["タグ"] == ["ご紹介"]
    assert len(told["接客方法の割付"]) == 2  # type: ignore[arg-type]
    with transaction.atomic():
        assert erase_people(root_id=person, now=shop.now) == 2
    assert PersonTag.objects.count() == 0
    assert set(Enrolment.objects.values_list("context", "state")) == {("", "left"), ("", "done")}
    assert Assignment.objects.count() == 2
    shop.wait(3 * DAY)
    assert shop.step() == 0
