"""J6 with the gate: people keep their place through a pause, nothing is sent in it, and then ``late`` decides."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import pause, resume, sweep
from kizuna.act.practices.rules.flow import End, Late, Node, Send, Wait
from kizuna.act.practices.tests.shop import DAY, Shop, begin, sent, thanks

HOUR = timedelta(hours=1)


def _hour(shop: Shop) -> list[str]:
    """What a worker does at this hour; answers what left."""
    shop.react()
    sweep(now=shop.now)
    shop.step()
    return sent(shop)


@pytest.mark.parametrize(
    ("late", "days", "told", "after"),
    [
        ("send", 20, ("sent", ""), 2 * HOUR),
        ("skip", 20, ("not_sent", "stale"), None),
        ("shift", 20, ("sent", ""), DAY),  # at the hour it had been meant for
        ("skip", 4, ("sent", ""), 2 * HOUR),  # late by a day: within the two that the step allows
        ("shift", 4, ("sent", ""), 2 * HOUR),
    ],
)
def test_after_the_pause(shop: Shop, late: Late, days: int, told: tuple[str, str], after: timedelta | None) -> None:
    nodes: dict[str, Node] = {
        "rest": Wait(days=3, next="thank"),
        "thank": Send(template="thanks", late=late, stale_hours=48, next="end"),
        "end": End(),
    }
    begin(shop, thanks(nodes=nodes))
    for number in range(3):
        shop.order(str(number), f"customer{number}", delivered_at=shop.now)
    assert _hour(shop) == []
    standing = list(Enrolment.objects.order_by("id").values())
    pause(practice="thank-you", actor="test", now=shop.now)
    paused_at = shop.now
    while shop.now < paused_at + days * DAY:
        shop.wait(6 * HOUR)
        assert _hour(shop) == []
    assert list(Enrolment.objects.order_by("id").values()) == standing, "everybody kept place and time"
    assert not Message.objects.exists()
    shop.wait(2 * HOUR)  # two in the afternoon; it was due at noon
    resume(practice="thank-you", actor="test", now=shop.now)
    for _ in range(48):
        _hour(shop)
        shop.wait(HOUR)
    assert set(Message.objects.values_list("state", "reason")) == {told}
    assert Message.objects.count() == 3
    left = None if after is None else paused_at + days * DAY + after
    assert set(Message.objects.values_list("sent_at", flat=True)) == {left}
    assert shop.standing() == [("end", "done")] * 3
