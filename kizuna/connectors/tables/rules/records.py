"""Records out of rows: an order from its lines, and one answer, review, customer or shipment per row.

An order is whole or refused: one bad line makes the whole order errored, all its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kizuna.connectors.tables.rules.plans import Plan, Problem
from kizuna.connectors.tables.rules.texts import BadCells, Numbered
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.facts.touchpoints import touchpoint_slug
from kizuna.listen.reviews.rules import ReviewRecord
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.words import Words

Record = OrderRecord | Sighting | AnswerRecord | ReviewRecord | tuple[str, str, ShipmentRecord]

_WEB_STORES = frozenset({"", "web", "ec", "online", "オンライン", "オンラインストア", "ネットショップ", "通販"})


@dataclass(slots=True)
class Unit:
    """One record with the rows it came from; without a record, ``problems`` say why."""

    key: str
    rows: list[Numbered]
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    dropped: int = 0
    """Cancelled lines of an order that otherwise stands: skipped, not imported."""


Builder = Callable[[list[Numbered]], Unit]


def builder_for(*, plan: Plan, observed_at: datetime) -> Builder:
    """The function that makes a record of the rows of one key. ``observed_at`` is for tables without times."""
    if plan.layout.kind == "orders":
        return _Orders(plan).build
    if plan.layout.kind == "customers":
        return _Rows(plan, lambda values, rows: _customer_record(values["customer"], observed_at), ()).build
    if plan.layout.kind == "answers":
        return _Rows(plan, _answer_record, ("answer_id", "instrument", "score", "answered_at")).build
    if plan.layout.kind == "reviews":
        return _Rows(plan, _review_record, ("review_id", "rating", "posted_at")).build
    return _Rows(plan, _shipment_record, ("order_id",)).build


def sighting_of(*, values: dict[str, Any], observed_at: datetime) -> Sighting | None:
    """The customer of a row; None when nothing names one. A mail address in the id column is a mail address."""
    account = values.pop("customer", "")
    if "@" in account:
        values.setdefault("email", account)
        account = ""
    if not account and not any(name in values for name in ("email", "phone", "card_no", "line_id")):
        return None
    return Sighting(observed_at=observed_at, account_id=account, display_name=values.pop("name", ""), **values)


def bad_rows(*, rows: list[Numbered]) -> list[Problem]:
    """The rows whose cells cannot be trusted at all."""
    return [Problem(line, "", cells.code, cells.words) for line, cells in rows if isinstance(cells, BadCells)]


class _Orders:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.order, self.line = plan.part("order"), plan.part("line")
        self.customer, self.shipment = plan.part("customer"), plan.part("shipment")
        self.has_shipments = bool(self.shipment.single or self.shipment.joined)
        self.has_quantity = "quantity" in plan.provided
        self.included = plan.layout.line_discounts_included
        self.headers = plan.headers

    def build(self, rows: list[Numbered]) -> Unit:
        problems = bad_rows(rows=rows)
        line_no, head = self._head_row(rows)
        if problems:
            return Unit("", rows, None, problems)
        order = self.order.read(head, line_no, problems, self.headers)
        self._need(order, ("order_id", "ordered_at"), line_no, problems)
        unit = Unit(order.get("order_id", ""), rows, None, problems)
        if len(rows) > 1 and self.plan.same:
            self._check_same(rows, head, line_no, problems)
        lines, cancelled = self._lines(rows, problems, unit)
        shipments = self._shipments(rows, problems) if self.has_shipments else ()
        if problems:
            return unit
        customer = self.customer.read(head, line_no, problems, self.headers)
        if problems:
            return unit
        customer["source"] = order["source"]
        sighting = sighting_of(values=customer, observed_at=order["ordered_at"])
        unit.record = self._record(order, lines, cancelled, sighting, shipments, line_no, problems)
        return unit

    def _head_row(self, rows: list[Numbered]) -> Numbered:
        index = self.plan.head_index
        if index is not None:
            for numbered in rows:
                if numbered[1][index].strip():
                    return numbered
        return rows[0]

    def _check_same(self, rows: list[Numbered], head: Sequence[str], line_no: int, problems: list[Problem]) -> None:
        for name, index in self.plan.same:
            for number, row in rows:
                if row[index] != head[index] and row[index].strip() and row[index].strip() != head[index].strip():
                    words = _NOT_THE_SAME.fill(line=line_no)
                    problems.append(Problem(number, self.headers[name], "differs_within_order", words))

    def _lines(self, rows: list[Numbered], problems: list[Problem], unit: Unit) -> tuple[list[LineRecord], bool]:
        if not self.plan.layout.lines:
            return [], False
        lines: list[LineRecord] = []
        off: list[LineRecord] = []
        for number, row in rows:
            found: list[Problem] = []
            values = self.line.read(row, number, found, self.headers)
            cancelled = values.get("line_cancelled", False)
            line = None if found else self._line(values, number, found)
            if not cancelled:
                problems += found
            if line is not None:
                (off if cancelled else lines).append(line)
            unit.dropped += cancelled
        if unit.dropped == len(rows):
            # Nothing of the order is left: the order is cancelled, and keeps the lines that could be read.
            unit.dropped = 0
            return off, True
        return lines, False

    def _line(self, values: dict[str, Any], number: int, problems: list[Problem]) -> LineRecord | None:
        get = values.get
        sku, product = get("sku", ""), get("product", "")
        if not sku and not product:
            problems.append(Problem(number, self.headers["sku"], "no_product", _NO_PRODUCT))
        quantity = get("quantity")
        if quantity is None:
            if self.has_quantity:
                problems.append(Problem(number, self.headers["quantity"], "empty", _EMPTY))
            quantity = 1
        discount = get("line_discount", 0)
        price, gross, amount = get("unit_price"), get("line_gross"), get("line_amount")
        if gross is None:
            gross = price * quantity if price is not None else None if amount is None else amount + discount
        if gross is None:
            problems.append(Problem(number, self.headers["unit_price"], "empty", _EMPTY))
        elif amount is None:
            amount = gross - discount
            if amount < 0:
                problems.append(Problem(number, self.headers["line_discount"], "discount_too_large", _TOO_LARGE))
        if problems:
            return None
        return LineRecord(
            sku=sku or product,
            name=product,
            variant=get("variant", ""),
            category=get("category", ""),
            brand=get("brand", ""),
            quantity=quantity,
            unit_price_yen=price if price is not None else round(gross / quantity),
            discount_yen=discount,
            amount_yen=amount,
        )

    def _shipments(self, rows: list[Numbered], problems: list[Problem]) -> tuple[ShipmentRecord, ...]:
        distinct: dict[tuple[tuple[str, Any], ...], None] = {}
        for number, row in rows:
            values = self.shipment.read(row, number, problems, self.headers)
            if values:
                distinct[tuple(values.items())] = None
        found: list[ShipmentRecord] = []
        for values in map(dict, distinct):
            name = values.pop("shipment_id", "") or values.get("tracking_no", "")
            if any(other.external_id == name for other in found):
                name = f"{name}#{len(found) + 1}"
            found.append(ShipmentRecord(external_id=name, **values))
        return tuple(found)

    def _record(
        self,
        order: dict[str, Any],
        lines: list[LineRecord],
        cancelled: bool,  # noqa: FBT001
        customer: Sighting | None,
        shipments: tuple[ShipmentRecord, ...],
        line_no: int,
        problems: list[Problem],
    ) -> OrderRecord | None:
        get = order.get
        of_lines = sum(line.discount_yen for line in lines)
        own_discount = get("discount", 0) + get("coupon", 0)
        points, shipping = get("points_used", 0), get("shipping_fee", 0)
        total = get("total")
        amounts = sum(line.amount_yen for line in lines)
        if total is None:
            further = own_discount - (of_lines if self.included else 0)
            total = amounts - max(further, 0) + shipping + get("other_fee", 0)
        elif self.plan.layout.points_in_total:
            total += points
        if total < 0:
            problems.append(Problem(line_no, self.headers["total"], "discount_too_large", _TOO_LARGE))
            return None
        subtotal = get("subtotal")
        store = get("store", "")
        return OrderRecord(
            source=order["source"],
            external_id=order["order_id"],
            ordered_at=order["ordered_at"],
            customer=customer,
            channel=get("channel") or ("web" if store.lower() in _WEB_STORES else "store"),
            store=store,
            lines=tuple(lines),
            subtotal_yen=amounts + of_lines if subtotal is None else subtotal,
            discount_yen=own_discount + (0 if self.included and "discount" in order else of_lines),
            points_used_yen=points,
            shipping_yen=shipping,
            total_yen=total,
            refunded_yen=min(get("refunded", 0), total),
            cancelled=cancelled or get("cancelled", False),
            payment_method=get("payment_method", ""),
            shipments=shipments,
        )

    def _need(self, values: dict[str, Any], names: Sequence[str], line: int, problems: list[Problem]) -> None:
        for name in names:
            if name not in values and not any(problem.column == self.headers[name] for problem in problems):
                problems.append(Problem(line, self.headers[name], "empty", _EMPTY))


class _Rows:
    """One row, one record."""

    def __init__(
        self,
        plan: Plan,
        make: Callable[[dict[str, dict[str, Any]], list[Numbered]], Record | None],
        needed: Sequence[str],
    ) -> None:
        self.plan, self.make, self.needed = plan, make, needed
        self.parts = [(part, found) for part, found in plan.parts.items()]
        self.own = {"answers": "answer", "reviews": "review", "shipments": "order"}.get(plan.layout.kind, "customer")

    def build(self, rows: list[Numbered]) -> Unit:
        line, row = rows[0]
        problems = bad_rows(rows=rows)
        if problems:
            return Unit("", rows, None, problems)
        headers = self.plan.headers
        values: dict[str, dict[str, Any]] = {"customer": {}, "shipment": {}, self.own: {}}
        for part, found in self.parts:
            values[part] = found.read(row, line, problems, headers)
        own = values[self.own]
        for name in self.needed:
            if name not in own and not any(problem.column == headers[name] for problem in problems):
                problems.append(Problem(line, headers[name], "empty", _EMPTY))
        unit = Unit(_row_key(own, values), rows, None, problems)
        if not problems:
            unit.record = self.make(values, rows)
            if unit.record is None:
                problems.append(Problem(line, headers["customer"], "no_customer", _NO_CUSTOMER))
        return unit


def _row_key(own: dict[str, Any], values: dict[str, dict[str, Any]]) -> str:
    for name in ("answer_id", "review_id", "customer", "email"):
        if own.get(name):
            return f"{name}:{own[name]}"
    return f"{own.get('order_id', '')}\0{values['shipment'].get('shipment_id') or values['shipment'].get('tracking_no', '')}"


def _customer_record(values: dict[str, Any], observed_at: datetime) -> Sighting | None:
    return sighting_of(values=values, observed_at=values.pop("observed_at", observed_at))


def _answer_record(values: dict[str, dict[str, Any]], rows: list[Numbered]) -> AnswerRecord:
    answer, customer = values["answer"], values["customer"]
    customer["source"] = answer["source"]
    if answer.get("touchpoint"):
        answer["touchpoint"] = touchpoint_slug(text=answer["touchpoint"])
    instrument = answer["instrument"]
    answer["instrument"] = instrument if instrument.startswith("own:") else instrument.lower()
    return AnswerRecord(
        external_id=answer.pop("answer_id"),
        customer=sighting_of(values=customer, observed_at=answer["answered_at"]),
        **answer,
    )


def _review_record(values: dict[str, dict[str, Any]], rows: list[Numbered]) -> ReviewRecord:
    review, customer = values["review"], values["customer"]
    customer["source"] = review.pop("source")
    return ReviewRecord(
        external_id=review.pop("review_id"),
        customer=sighting_of(values=customer, observed_at=review["posted_at"]),
        **review,
    )


def _shipment_record(values: dict[str, dict[str, Any]], rows: list[Numbered]) -> Record:
    order, shipment = values["order"], values["shipment"]
    name = shipment.pop("shipment_id", "") or shipment.get("tracking_no", "")
    return (order["source"], order["order_id"], ShipmentRecord(external_id=name, **shipment))


_EMPTY = Words(ja="必要な値が空です。", en="A required value is empty.")
_NO_PRODUCT = Words(ja="商品コードも商品名も空です。", en="Neither product code nor product name is given.")
_TOO_LARGE = Words(ja="値引きが金額を超えています。", en="The discount is larger than the amount.")
_NO_CUSTOMER = Words(
    ja="顧客を特定する値（顧客ID・メール・電話・カード番号）がすべて空です。",
    en="Nothing identifies the customer (id, mail, phone or card number).",
)
_NOT_THE_SAME = Words(
    ja="同じ注文番号なのに{line}行目と値が違います。",
    en="The value differs from line {line} of the same order number.",
)
