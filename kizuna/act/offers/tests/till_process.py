"""What the processes of the kill tests do: ``open COUPONS LIMIT``, ``redeem|reverse SEED COUNT``, ``check``."""

import json
import random
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from kizuna.act.offers.models import Coupon, LedgerEntry  # noqa: E402
from kizuna.act.offers.operations import change_limits, ensure_offer, issue_coupons, redeem, reverse  # noqa: E402
from kizuna.act.offers.queries import check_invariants  # noqa: E402
from kizuna.act.offers.rules import CouponRequest  # noqa: E402
from kizuna.errors import Refusal  # noqa: E402
from kizuna.facts.outbox.models import OutboxEntry  # noqa: E402
from kizuna.words import Words  # noqa: E402

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


def main() -> None:
    verb, *numbers = sys.argv[1:]
    first, second = [*(int(number) for number in numbers), 0, 0][:2]
    if verb == "open":
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        _open(coupons=first, limit=second)
    elif verb == "check":
        _check()
    else:
        _work(verb=verb, seed=first, count=second)


def _open(*, coupons: int, limit: int) -> None:
    offer_id = ensure_offer(
        name="kill",
        title=Words(ja="1割引", en="10% off"),
        kind="percent",
        value=10,
        valid_days=30,
        now=NOW,
    )
    with transaction.atomic():
        requests = [CouponRequest(person_id=None, key=f"c{n}") for n in range(coupons)]
        issue_coupons(offer="kill", requests=requests, now=NOW)
    # Set afterwards: with them, no more coupons would be given than can be used.
    change_limits(offer_id=offer_id, total_limit=limit, budget_yen=250 * limit, actor="test", now=NOW)


def _work(*, verb: str, seed: int, count: int) -> None:
    """Use or take back coupons drawn by lot, and say each answer only once it was given."""
    draw = random.Random(seed)
    codes = list(Coupon.objects.order_by("id").values_list("code", flat=True))
    for _ in range(count):
        number = draw.randrange(len(codes))
        try:
            if verb == "redeem":
                done = redeem(
                    code=codes[number],
                    key=f"use:{number}",
                    person_id=None,
                    order_id=None,
                    amount_yen=1000 + 100 * (number % 40),
                    store="",
                    now=NOW,
                )
            else:
                done = reverse(key=f"use:{number}", reversal_key=f"back:{number}", reason="returned", now=NOW)
        except Refusal as refusal:
            _say({"refused": refusal.code})
        else:
            _say({"key": done.key, "id": done.redemption_id})


def _check() -> None:
    entries = list(LedgerEntry.objects.values_list("kind", "key", "id"))
    facts = OutboxEntry.objects.filter(fact_type__in=["CouponRedeemed", "CouponReversed"])
    told = sum(facts.values_list("fact_count", flat=True))
    _say({"wrong": check_invariants(), "keys": [key for _, key, _ in entries], "told": told, "entries": len(entries)})


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
