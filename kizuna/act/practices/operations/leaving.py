"""Who goes no further: asked of everybody whose time has come, before anything more is done for them.

A message passes the send gate, but a coupon, a task, a tag, a note or an invitation passes none: so it is asked here.
"""

from kizuna.act.practices.models import Assignment
from kizuna.act.practices.operations.effects import Party, Setting
from kizuna.act.practices.rules.flow import is_about_an_order
from kizuna.customers.orders.queries import ended_orders
from kizuna.customers.people.queries import clusters_of, roots_of
from kizuna.customers.stores.queries import among


def leaving(*, party: Party, setting: Setting) -> dict[int, str]:
    """The enrolments of these that end here, each with its reason."""
    found = dict.fromkeys(_parted(party=party), "people_parted")
    found |= dict.fromkeys(_merged_with_held_out(party=party, setting=setting), "people_merged")
    return found | _without_order(party=party, setting=setting)


def _parted(*, party: Party) -> set[int]:
    """Who no longer is the customer that the cause belongs to: merged records may have been parted again."""
    joined = {one.id: record for one in party if (record := one.number(name="record")) not in (None, one.person_id)}
    if not joined:
        return set()
    people = {one.id: one.person_id for one in party}
    roots = roots_of(person_ids={*joined.values(), *(people[id_] for id_ in joined)})
    return {id_ for id_, record in joined.items() if roots.get(record or 0) != roots.get(people[id_])}


def _merged_with_held_out(*, party: Party, setting: Setting) -> set[int]:
    """Whose records have been joined, since they entered, with one that is held out: held out wins.

    The reason given is the merge alone: who is held out is not told to those who serve.
    """
    lots = Assignment.objects.filter(practice=setting.practice, held_out=True)
    if not lots.exists():
        return set()
    roots = roots_of(person_ids={one.person_id for one in party})
    clusters = clusters_of(root_ids=set(roots.values()))
    owner = {record: root for root, records in clusters.items() if len(records) > 1 for record in records}
    if not owner:
        return set()
    held = lots.filter(among(column="person_id", values=list(owner))).values_list("person_id", flat=True)
    untouched = {owner[record] for record in held}
    return {one.id for one in party if roots.get(one.person_id) in untouched}


def _without_order(*, party: Party, setting: Setting) -> dict[int, str]:
    """Whose order was cancelled, refunded as a whole or withdrawn, where all that is done is done because of it."""
    if not is_about_an_order(flow=setting.flow):
        return {}
    orders = {one.id: order for one in party if (order := one.number(name="order_id")) is not None}
    ended = ended_orders(order_ids=set(orders.values()))
    return {id_: f"order_{ended[order]}" for id_, order in orders.items() if order in ended}
