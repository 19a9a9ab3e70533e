"""What is known of many customers at once, asked only as far as a practice asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kizuna.act.practices.rules.candidates import Candidate, Standing
from kizuna.act.practices.rules.flow import Eligible
from kizuna.customers.consent.queries import in_force
from kizuna.customers.orders.queries import OrderContents, order_contents, order_moments
from kizuna.customers.people.queries import clusters_of, roots_of, stores_of
from kizuna.facts.lake.queries import connect
from kizuna.facts.state.queries import source
from kizuna.listen.surveys.queries import ScoreMoment, score_moments


class Customers:
    """Customers by root, each read once for all their records and only when asked for."""

    def __init__(self, *, person_ids: Sequence[int]) -> None:
        self.root = roots_of(person_ids=person_ids)
        self.records = clusters_of(root_ids=set(self.root.values()))
        self._all = [record for records in self.records.values() for record in records]
        self._orders: Mapping[int, list[tuple[datetime, int]]] | None = None
        self._scores: Mapping[int, list[ScoreMoment]] | None = None
        self._consents: Mapping[tuple[int, str], tuple[datetime, bool]] | None = None
        self._stores: Mapping[int, set[str]] | None = None

    def orders(self, *, root: int) -> list[tuple[datetime, int]]:
        """(ordered_at, order id) of the kept orders, in order of time."""
        if self._orders is None:
            self._orders = order_moments(person_ids=self._all)
        found = self._orders
        return sorted(moment for record in self.records[root] for moment in found.get(record, ()))

    def scores(self, *, root: int) -> list[ScoreMoment]:
        """The scores in order of time."""
        if self._scores is None:
            self._scores = score_moments(person_ids=self._all)
        found = self._scores
        moments = [moment for record in self.records[root] for moment in found.get(record, ())]
        return sorted(moments, key=lambda one: one.answered_at)

    def channels(self, *, root: int) -> frozenset[str]:
        """Channels on which the customer takes advertising: the latest statement over all records counts."""
        if self._consents is None:
            self._consents = in_force(person_ids=self._all, purpose="marketing")
        latest: dict[str, tuple[datetime, bool]] = {}
        for record in self.records[root]:
            for channel in ("mail", "line", "sms"):
                stated = self._consents.get((record, channel))
                if stated is not None and (channel not in latest or stated[0] >= latest[channel][0]):
                    latest[channel] = stated
        return frozenset(channel for channel, (_, granted) in latest.items() if granted)

    def stores(self, *, root: int) -> frozenset[str]:
        """The stores that have served the customer."""
        if self._stores is None:
            self._stores = stores_of(person_ids=self._all)
        found = self._stores
        return frozenset(code for record in self.records[root] for code in found.get(record, ()))


def standings(*, customers: Customers, candidates: Sequence[Candidate], rules: Eligible) -> list[Standing]:
    """What eligibility asks of each candidate, whose root must be known: orders and scores as of what began it.

    So it does not matter how late that became known. The best customers and consents are those of today.
    """
    if rules == Eligible():
        return [Standing()] * len(candidates)
    contents = _contents(candidates=candidates, rules=rules)
    roots = [customers.root[one.person_id] for one in candidates]
    best = best_customers(share=rules.top_share, among=roots) if rules.top_share else frozenset()
    return [
        _standing(customers=customers, rules=rules, candidate=one, root=root, contents=contents, best=root in best)
        for one, root in zip(candidates, roots, strict=True)
    ]


def best_customers(*, share: float, among: Sequence[int]) -> frozenset[int]:
    """Those of these customers who are in the top ``share`` of all customers by sales, by the present state."""
    if not among:
        return frozenset()
    cursor = connect().cursor()
    try:
        sql = f"SELECT person_id FROM ({best_sql()}) WHERE person_id IN (SELECT unnest($people::BIGINT[]))"
        values = {"top_share": share, "people": list(among)}
        return frozenset(row[0] for row in cursor.execute(sql, values).fetchall())
    finally:
        cursor.close()


def best_sql() -> str:
    """The customers in the top ``$top_share`` by sales as SQL; of those with the same sales all or none."""
    return f"""
        SELECT person_id FROM (
            SELECT person_id, rank() OVER (ORDER BY sales_yen DESC) AS place, count(*) OVER () AS everybody
            FROM ({source(table="customers")})
        ) WHERE place <= greatest(1, $top_share * everybody)
    """


def _contents(*, candidates: Sequence[Candidate], rules: Eligible) -> Mapping[int, OrderContents]:
    if not (rules.products or rules.categories):
        return {}
    orders = {one.context["order_id"] for one in candidates if one.context.get("order_id")}
    return order_contents(order_ids=[order for order in orders if isinstance(order, int)])


def _standing(
    *,
    customers: Customers,
    rules: Eligible,
    candidate: Candidate,
    root: int,
    contents: Mapping[int, OrderContents],
    best: bool,
) -> Standing:
    order = contents.get(int(str(candidate.context.get("order_id") or 0)))
    counts = rules.segments or rules.min_orders is not None or rules.max_orders is not None
    store = str(candidate.context.get("store") or "")
    served = (frozenset({store}) if store else customers.stores(root=root)) if rules.stores else frozenset()
    scores = customers.scores(root=root) if rules.nps_groups else []
    nps = [one.score for one in scores if one.instrument == "nps" and one.answered_at <= candidate.at]
    return Standing(
        orders=sum(at <= candidate.at for at, _ in customers.orders(root=root)) if counts else 0,
        stores=served,
        products=order.products if order else frozenset(),
        categories=order.categories if order else frozenset(),
        channels=customers.channels(root=root) if rules.channels_consented else frozenset(),
        last_nps=nps[-1] if nps else None,
        best=best,
    )
