"""The month that is not over yet: what was bought in it so far, so that parcels arrive and people wait in practices.

Answers and reviews come to this company as a file at the end of each month: those of the running month are not there.
It has dice of its own: the complete months, of which the planted truths speak, are the same with it and without.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from kizuna.cli.demo.calendar import Calendar
from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.customers import Customer
from kizuna.cli.demo.lots import assign
from kizuna.cli.demo.sales import WALK_INS, Sale, Trade, brought_sale, buying, counted_anew, walk_in


def go_on(*, plan: Plan, trade: Trade, customers: Sequence[Customer], newcomers: Sequence[Customer]) -> None:
    """Add to the trade what has been bought since the complete months, and whom the practices reached since."""
    calendar = Calendar(plan=plan, running=True)
    if not calendar.days:
        return
    dice = plan.dice(subject="running month")
    ahead: dict[int, list[Sale]] = defaultdict(list)
    for assigned, day in trade.ahead:
        if day < plan.days + calendar.days:
            ahead[assigned.customer.number].append(brought_sale(plan=plan, assigned=assigned, day=day, dice=dice))
    past = _past(sales=trade.sales)
    for customer in (*customers, *newcomers):
        before = past.get(customer.number, [])
        own = []
        if customer.number not in trade.lost:
            own = _own(plan=plan, calendar=calendar, customer=customer, before=before, dice=dice)
        kept = sum(not sale.cancelled for sale in before)
        now = counted_anew(sales=[*own, *ahead[customer.number]], kept=kept)
        trade.running.extend(now)
        _reach(plan=plan, trade=trade, customer=customer, sales=[*before, *now])
    share = calendar.new_customers / Calendar(plan=plan).new_customers
    count = round(plan.customers * WALK_INS * share)
    trade.running.extend(walk_in(plan=plan, calendar=calendar, dice=dice) for _ in range(count))
    trade.running.sort(key=lambda sale: sale.at)
    for number, sale in enumerate(trade.running, start=len(trade.sales)):
        sale.number = number


def _past(*, sales: Sequence[Sale]) -> dict[int, list[Sale]]:
    past: dict[int, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.customer is not None:
            past[sale.customer.number].append(sale)
    return past


def _reach(*, plan: Plan, trade: Trade, customer: Customer, sales: Sequence[Sale]) -> None:
    """Let the customer into every practice that reaches them now for the first time."""
    known = trade.assigned.get(customer.number, [])
    names = {one.planted.name for one in known}
    reached = assign(plan=plan, customer=customer, sales=sales, until=plan.horizon)
    late = [one for one in reached if one.at >= plan.end and one.planted.name not in names]
    if late:
        trade.assigned[customer.number] = [*known, *late]


def _own(*, plan: Plan, calendar: Calendar, customer: Customer, before: Sequence[Sale], dice: Random) -> list[Sale]:
    """What the customer buys by themselves. Who was there before has been waiting since the last time.

    Waiting times are exponential: how long somebody has waited says nothing of how long they still will.
    """
    if not before:
        day: float | None = customer.first_day - plan.days
        return buying(plan=plan, calendar=calendar, customer=customer, day=day, kept=None, dice=dice)[0]
    day = calendar.after(day=0.0, wait=dice.expovariate(max(customer.rate, 1e-5)))
    kept = sum(not sale.cancelled for sale in before)
    return buying(plan=plan, calendar=calendar, customer=customer, day=day, kept=kept, dice=dice)[0]
