from datetime import timedelta

from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Assignment, Enrolment
from kizuna.act.practices.tests.shop import DAY, NOON, Shop, begin, thanks
from kizuna.facts.outbox.models import OutboxEntry


def test_a_delivery_begins_it_and_the_message_is_planned_once(shop: Shop) -> None:
    begin(shop, thanks())
    shop.order("1", "aoi")
    shop.wait(DAY)
    shop.order("1", "aoi", at=NOON, delivered_at=shop.now - timedelta(hours=1))
    shop.react()
    row = Enrolment.objects.get()
    assert (row.node, row.due_at, row.person_id) == ("rest", shop.now - timedelta(hours=1) + 3 * DAY, shop.person("1"))
    assert OutboxEntry.objects.filter(fact_type="PracticeAssigned").count() == 1
    assert shop.step() == 0
    shop.wait(3 * DAY)
    assert shop.step() == 1
    assert shop.step() == 0
    assert shop.messages() == [("thanks", "planned")]
    assert shop.standing() == [("end", "done")]
    message = Message.objects.get()
    assert (message.arm, message.salt, message.due_at) == ("mail", "a fixed salt", row.due_at)


def test_the_same_delivery_told_again_begins_nothing_more(shop: Shop) -> None:
    begin(shop, thanks())
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.react()
    shop.order("1", "aoi", at=NOON, delivered_at=shop.now + timedelta(hours=1))
    shop.react()
    assert Enrolment.objects.count() == 1
    assert Assignment.objects.count() == 1


def test_the_held_out_are_assigned_and_get_no_steps(shop: Shop) -> None:
    begin(shop, thanks(holdout_share=0.8), salt="a fixed salt")
    for number in range(100):  # so many, since on PostgreSQL ids and with them the lots differ from run to run
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    shop.react()
    held = Assignment.objects.filter(held_out=True).count()
    assert 55 < held < 100
    assert Assignment.objects.count() == 100
    assert Enrolment.objects.count() == 100 - held
    assert not Enrolment.objects.filter(assignment__held_out=True).exists()


def test_what_happened_before_the_start_or_too_long_ago_begins_nothing(shop: Shop) -> None:
    shop.order("1", "aoi", delivered_at=shop.now - DAY)
    shop.react()
    begin(shop, thanks())
    shop.order("2", "aoi", delivered_at=shop.now - DAY)
    shop.react()
    shop.wait(10 * DAY)
    shop.order("3", "aoi", at=NOON, delivered_at=shop.now - 5 * DAY)
    shop.react()
    assert Enrolment.objects.count() == 0
