"""The lot of every record of a customer is asked when a message is about to go, and J4 sees a merge."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import LeftOut, Message
from kizuna.act.outreach.operations import accepted, claim, still_wanted
from kizuna.act.practices.models import Assignment
from kizuna.act.practices.queries import check_invariants
from kizuna.act.practices.rules.flow import End, Node, Send
from kizuna.act.practices.tests.shop import Shop, begin, thanks
from kizuna.customers.people.operations import merge_people, resolve_people
from kizuna.customers.people.rules import Sighting

AT_ONCE: dict[str, Node] = {"thank": Send(template="thanks", next="end"), "end": End()}
NEXT_MORNING = timedelta(hours=13)
CUSTOMERS = 24
"""Enough for three in each arm: on PostgreSQL their numbers, and so their lots, depend on the tests before."""


@pytest.fixture
def evening(shop: Shop) -> Shop:
    """Customers, about half of them held out; the letters to the others wait for the morning."""
    begin(shop, thanks(nodes=AT_ONCE, first="thank", holdout_share=0.5))
    shop.wait(timedelta(hours=10))
    for number in range(CUSTOMERS):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()
    shop.step()
    return shop


def lots(*, held_out: bool) -> list[int]:
    found = Assignment.objects.filter(held_out=held_out).order_by("person_id").values_list("person_id", flat=True)
    assert len(found) > 2
    return list(found)


def send(shop: Shop) -> set[int]:
    for one in claim(channel="mail", limit=50, lease_seconds=60, now=shop.now):
        if still_wanted(message_id=one.message_id, now=shop.now):
            accepted(message_id=one.message_id, provider_id="x", now=shop.now)
    return set(Message.objects.filter(state="sent").values_list("person_id", flat=True))


def broken(shop: Shop) -> set[str]:
    shop.fold()
    return {violation.rule for violation in check_invariants(now=shop.now)}


@pytest.mark.parametrize("elder", ["treated", "held out"])
def test_whichever_record_is_the_older_nothing_goes_to_the_two(elder: str, evening: Shop) -> None:
    treated, held = lots(held_out=False), lots(held_out=True)
    pair = next((one, other) for one in treated for other in held if (one < other) == (elder == "treated"))
    merge_people(person_ids=list(pair), actor="test", now=evening.now)
    evening.wait(NEXT_MORNING)
    assert send(evening) == set(treated) - {pair[0]}
    stopped = Message.objects.get(person_id=pair[0])
    assert (stopped.state, stopped.reason) == ("not_sent", "held_out")
    assert broken(evening) == set()


def test_a_merge_between_claim_and_call_is_seen_by_the_last_look(evening: Shop) -> None:
    treated, held = lots(held_out=False)[0], lots(held_out=True)[0]
    evening.wait(NEXT_MORNING)
    found = {one.message_id for one in claim(channel="mail", limit=50, lease_seconds=60, now=evening.now)}
    merge_people(person_ids=[treated, held], actor="test", now=evening.now)
    message = Message.objects.get(person_id=treated)
    assert message.pk in found
    assert not still_wanted(message_id=message.pk, now=evening.now)
    assert Message.objects.values_list("state", "reason").get(pk=message.pk) == ("not_sent", "held_out")


def test_a_record_for_which_no_lot_was_ever_drawn_keeps_nothing_back(evening: Shop) -> None:
    treated = lots(held_out=False)
    at = evening.now
    twins = [
        resolve_people(
            sightings=[Sighting(source="till", observed_at=at, account_id=f"t{number}", family_name="高橋")],
            import_id=None,
            now=at,
        )[0]
        for number in range(8)
    ]
    merge_people(person_ids=[treated[0], *(twin for twin in twins if twin)], actor="test", now=at)
    evening.wait(NEXT_MORNING)
    assert send(evening) == set(treated)


def test_the_checker_sees_what_went_to_a_merged_customer_and_forgives_what_went_before(evening: Shop) -> None:
    treated, held = lots(held_out=False), lots(held_out=True)
    evening.wait(NEXT_MORNING)
    send(evening)
    evening.wait(timedelta(hours=1))
    merge_people(person_ids=[treated[0], held[0]], actor="test", now=evening.now)
    assert broken(evening) == set()
    LeftOut.objects.all().delete()
    evening.order("again", "customer" + str(_number(evening, treated[1])), delivered_at=evening.now)
    merge_people(person_ids=[treated[1], held[1]], actor="test", now=evening.now)
    evening.wait(timedelta(hours=1))
    Message.objects.filter(person_id=treated[1]).update(attempted_at=evening.now, sent_at=evening.now)
    assert broken(evening) == {"J4"}


def _number(shop: Shop, person: int) -> int:
    return next(number for number in range(CUSTOMERS) if shop.person(str(number)) == person)
