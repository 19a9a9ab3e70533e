"""What the processes of the practices' kill tests do: ``prepare``, ``round FIRST COUNT NUMBER``, ``report NUMBER``.

Rounds follow each other by three hours, far less than the life of a LINE retry key. The providers keep a file of what
they accepted and when, written through to the disk before they answer. The one for mail takes whatever it is given; the
one for LINE knows our key for 24 hours from its first use and answers a repeat with «already accepted».
"""

import fcntl
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from kizuna.act.offers.models import Coupon  # noqa: E402
from kizuna.act.offers.operations import ensure_offer  # noqa: E402
from kizuna.act.outreach.models import Message  # noqa: E402
from kizuna.act.outreach.operations import accepted, claim, describe_sender, ensure_template, release_expired  # noqa: E402
from kizuna.act.outreach.rules.wording import Body  # noqa: E402
from kizuna.act.practices import operations as practices  # noqa: E402
from kizuna.act.practices.models import Assignment, Enrolment  # noqa: E402
from kizuna.act.practices.queries import check_invariants  # noqa: E402
from kizuna.act.practices.rules import flow as flows  # noqa: E402
from kizuna.customers.orders.models import Order  # noqa: E402
from kizuna.customers.orders.operations import record_orders  # noqa: E402
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord  # noqa: E402
from kizuna.customers.people.rules import Sighting  # noqa: E402
from kizuna.facts.lake.operations import write_due  # noqa: E402
from kizuna.facts.outbox.operations import react_due  # noqa: E402
from kizuna.facts.rows.operations import reach  # noqa: E402
from kizuna.facts.state.operations import catch_up, verify  # noqa: E402
from kizuna.loop import REACTIONS  # noqa: E402
from kizuna.words import Words  # noqa: E402

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
EACH = timedelta(hours=3)
"""A round's hours are 0, 1 and 2; the next round begins after them."""
KEY_LIVES = timedelta(hours=24)
LEASE_SECONDS = 300

FLOW = flows.Flow(
    trigger=flows.FactTrigger(fact="delivered"),
    arms=(flows.Arm(name="a", first="rest"), flows.Arm(name="b", first="rest")),
    nodes={
        "rest": flows.Wait(hours=1, next="give"),
        "give": flows.Coupon(offer="next500", next="thank"),
        "thank": flows.Send(template="thanks", channel="mail", late="send", next="later"),
        "later": flows.Wait(hours=1, next="tell"),
        "tell": flows.Send(template="thanks", channel="line", late="send", next="call"),
        "call": flows.TaskStep(kind="call", title="お電話", next="end"),
        "end": flows.End(),
    },
    goal=flows.Goal(metric="repeat_rate"),
    holdout_share=0.2,
    freshness_hours=60 * 24,  # the workers may be dead for days on end: what is stale by then begins nothing, rightly
)


def main() -> None:
    verb, *numbers = sys.argv[1:]
    if verb == "prepare":
        _prepare()
    elif verb == "round":
        first, count, nth = (int(number) for number in numbers)
        begun = NOON + nth * EACH
        for number in range(first, first + count):
            _deliver(number=number, now=begun)
            _say(str(number))  # the shop is told only after the commit
        for hours in (0, 1, 2):
            _work(now=begun + timedelta(hours=hours))
    else:
        _report(now=NOON + (int(numbers[0]) + 1) * EACH)


def _prepare() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    # Rounds fall into every hour of the day; equal times mean that night holds nothing up.
    never = time(0)
    describe_sender(name="x", address="x", quiet_from=never, quiet_until=never, actor="test", now=NOON)
    texts = {"subject": "お礼", "body": "{{顧客.姓}}様 ありがとうございます。", "language": "ja"}
    bodies = [Body(channel=channel, **texts) for channel in ("mail", "line")]
    ensure_template(name="thanks", title=Words(ja="お礼", en="x"), purpose="service", bodies=bodies, now=NOON)
    coupon = Words(ja="500円引き", en="500 yen off")
    ensure_offer(name="next500", title=coupon, kind="amount", value=500, min_spend_yen=0, valid_days=30, now=NOON)
    title = Words(ja="お礼", en="Thanks")
    practices.create_practice(name="thanks", title=title, flow=FLOW, actor="test", now=NOON, salt="killed")
    practices.start(practice="thanks", actor="test", now=NOON)


def _deliver(*, number: int, now: datetime) -> None:
    customer = Sighting(
        source="web", observed_at=now, account_id=f"C{number}", email=f"c{number}@example.jp", line_id=f"U{number:032x}"
    )
    line = LineRecord(sku="TEA", quantity=1, unit_price_yen=1000, amount_yen=1000)
    order = OrderRecord(
        source="web",
        external_id=str(number),
        ordered_at=now - timedelta(days=1),
        customer=customer,
        channel="web",
        lines=(line,),
        subtotal_yen=1000,
        total_yen=1000,
        shipments=(ShipmentRecord(external_id="1", delivered_at=now),),
    )
    with transaction.atomic():
        record_orders(orders=[order], import_id=None, now=now, wake=number % 3 > 0)  # every third comes by import


def _work(*, now: datetime) -> None:
    """The worker's own steps, at a time of the test's choosing, until nothing is left."""
    steps: tuple[Callable[[], int], ...] = (
        lambda: write_due(now=now, limit=100),
        lambda: react_due(now=now, reactions=REACTIONS, limit=10),
        lambda: practices.sweep(now=now),
        lambda: practices.step_due(now=now, limit=3),
        lambda: release_expired(now=now),
        lambda: _send(channel="mail", now=now),
        lambda: _send(channel="line", now=now),
    )
    catch_up(now=now)
    while sum(step() for step in steps):
        catch_up(now=now)


def _send(*, channel: str, now: datetime) -> int:
    sendables = claim(channel=channel, limit=3, lease_seconds=LEASE_SECONDS, now=now)
    for one in sendables:
        _hand_over(channel=channel, key=one.key, now=now)
        reach(label="provider.accepted")
        accepted(message_id=one.message_id, provider_id=one.key, now=now)
    return len(sendables)


def _hand_over(*, channel: str, key: str, now: datetime) -> None:
    with _ledger(channel).open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # a provider answers one question about a key at a time
        first = [at for known, at in _accepted(channel) if known == key][:1]
        if channel == "line" and first and now - first[0] < KEY_LIVES:
            return
        file.write(f"{key} {now.isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())


def _accepted(channel: str) -> list[tuple[str, datetime]]:
    if not _ledger(channel).exists():
        return []
    words = (line.split() for line in _ledger(channel).read_text(encoding="ascii").splitlines())
    return [(key, datetime.fromisoformat(at)) for key, at in words]


def _ledger(channel: str) -> Path:
    return Path(settings.HOME) / f"{channel}.accepted"


def _report(*, now: datetime) -> None:
    catch_up(now=now)
    messages = Message.objects.values_list("key", "route", "state")
    _say(
        json.dumps(
            {
                "violations": [str(one) for one in check_invariants(now=now)],
                "lake": verify(now=now).ok,
                "customers": [int(order) for order in Order.objects.values_list("external_id", flat=True)],
                "lots": Assignment.objects.count(),
                "held": Assignment.objects.filter(held_out=True).count(),
                "enrolments": list(Enrolment.objects.values_list("state", flat=True)),
                "messages": [list(one) for one in messages],
                "coupons": Coupon.objects.count(),
                "mail": [key for key, _ in _accepted("mail")],
                "line": [key for key, _ in _accepted("line")],
            }
        )
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


main()
