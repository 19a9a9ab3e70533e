"""Orders out of their rows. An order is whole or refused: one bad line makes all its rows errored."""

from collections.abc import Sequence
from typing import Any

from kizuna.connectors.tables.rules.plans import Plan, Problem
from kizuna.connectors.tables.rules.texts import Numbered
from kizuna.connectors.tables.rules.units import EMPTY, Unit, bad_rows, empty_fields, sighting_of
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.words import Words

_IDLE = {"external_id", "carrier"}
"""A parcel of which nothing else is known says nothing about delivery."""
_WEB_STORES = frozenset({"", "web", "ec", "online", "オンライン", "オンラインストア", "ネットショップ", "通販"})


class OrderBuilder:
    """Builds orders by one plan; made once per import, called once per order."""

    def __init__(self, *, plan: Plan) -> None:
        self.plan = plan
        self.order, self.line = plan.part("order"), plan.part("line")
        self.customer, self.shipment = plan.part("customer"), plan.part("shipment")
        self.has_shipments = bool(self.shipment.single or self.shipment.joined)
        self.has_quantity = "quantity" in plan.provided
        self.has_line_shipping = "line_shipping" in plan.provided
        self.headers = plan.headers

    def build(self, rows: list[Numbered]) -> Unit:
        """One order of the rows that share its number."""
        problems = bad_rows(rows=rows)
        line_no, head = self._head_row(rows)
        if problems:
            return Unit("", rows, None, problems)
        order = self.order.read(head, line_no, problems, self.headers)
        if "order_id" not in order or "ordered_at" not in order:
            needed = ("order_id", "ordered_at")
            problems += empty_fields(plan=self.plan, values=order, names=needed, line=line_no, known=problems)
        unit = Unit(order.get("order_id", ""), rows, None, problems)
        if len(rows) > 1 and self.plan.same:
            self._check_same(rows, head, line_no, problems)
        lines = self._lines(rows, order, unit)
        shipments = self._shipments(rows, problems) if self.has_shipments else ()
        customer = self.customer.read(head, line_no, problems, self.headers)
        if problems:
            return unit
        customer["source"] = order["source"]
        order["customer"] = sighting_of(values=customer, observed_at=order["ordered_at"])
        if self._settle(order, lines, line_no, problems):
            unit.record = self._record(order, lines, shipments)
        return unit

    def _head_row(self, rows: list[Numbered]) -> Numbered:
        index = self.plan.head_index
        if index is not None:
            for numbered in rows:
                if len(numbered[1]) > index and numbered[1][index].strip():
                    return numbered
        return rows[0]

    def _check_same(self, rows: list[Numbered], head: Sequence[str], line_no: int, problems: list[Problem]) -> None:
        for name, index in self.plan.same:
            expected = head[index]
            for number, row in rows:
                text = row[index]
                if text != expected and text.strip() and text.strip() != expected.strip():
                    words = _NOT_THE_SAME.fill(line=line_no)
                    problems.append(Problem(number, self.headers[name], "differs_within_order", words))

    def _lines(self, rows: list[Numbered], order: dict[str, Any], unit: Unit) -> list[LineRecord]:
        if not self.plan.layout.lines:
            return []
        lines: list[LineRecord] = []
        cancelled_lines: list[LineRecord] = []
        for number, row in rows:
            found: list[Problem] = []
            values = self.line.read(row, number, found, self.headers)
            cancelled = values.get("line_cancelled", False)
            line = None if found else self._line(values, number, found)
            if cancelled:
                unit.dropped += 1
            else:
                unit.problems += found
                if self.has_line_shipping:
                    _add_shipping(order=order, line=values)
            if line is not None:
                (cancelled_lines if cancelled else lines).append(line)
        if unit.dropped == len(rows):
            # Nothing of the order is left: the order is cancelled, and keeps the lines that could be read.
            unit.dropped = 0
            order["cancelled"] = True
            return cancelled_lines
        return lines

    def _line(self, values: dict[str, Any], number: int, problems: list[Problem]) -> LineRecord | None:
        """One line. Without code and name it is of an unknown product: what was paid counts all the same."""
        get = values.get
        sku, product, quantity = get("sku", ""), get("product", ""), get("quantity")
        if quantity is None:
            if self.has_quantity:
                problems.append(Problem(number, self.headers["quantity"], "empty", EMPTY))
            quantity = 1
        priced = self._price(values, quantity, number, problems)
        if problems or priced is None:
            return None
        return LineRecord(
            sku=sku or product,
            name=product,
            variant=get("variant", ""),
            category=get("category", ""),
            brand=get("brand", ""),
            quantity=quantity,
            unit_price_yen=priced[0],
            discount_yen=get("line_discount", 0),
            amount_yen=priced[1],
        )

    def _price(
        self, values: dict[str, Any], quantity: int, number: int, problems: list[Problem]
    ) -> tuple[int, int] | None:
        """Unit price and amount after discount, from whichever of price, gross and net amount the table has."""
        discount = values.get("line_discount", 0)
        price, gross, amount = values.get("unit_price"), values.get("line_gross"), values.get("line_amount")
        if gross is None and price is not None:
            gross = price * quantity
        if gross is None and amount is not None:
            gross = amount + discount
        if gross is None:
            problems.append(Problem(number, self.headers["unit_price"], "empty", EMPTY))
            return None
        if amount is None:
            amount = gross - discount
        if amount < 0:
            problems.append(Problem(number, self.headers["line_discount"], "discount_too_large", _TOO_LARGE))
            return None
        return (round(gross / quantity) if price is None else price), amount

    def _shipments(self, rows: list[Numbered], problems: list[Problem]) -> tuple[ShipmentRecord, ...]:
        """Parcels by their number; rows without one are one parcel as long as they say the same."""
        parcels: dict[object, dict[str, Any]] = {}
        for number, row in rows:
            values = self.shipment.read(row, number, problems, self.headers)
            if values:
                name = values.pop("shipment_id", "")
                parcels.setdefault(name or tuple(values.items()), {"external_id": name}).update(values)
        return tuple(ShipmentRecord(**values) for values in parcels.values() if values.keys() - _IDLE)

    def _settle(self, order: dict[str, Any], lines: list[LineRecord], line_no: int, problems: list[Problem]) -> bool:
        """Complete the order's amounts: subtotal − discount + shipping + fees = total, before points."""
        get = order.get
        of_lines = sum([line.discount_yen for line in lines])
        amounts = sum([line.amount_yen for line in lines])
        own = get("discount", 0) + get("coupon", 0)
        if self.plan.layout.line_discounts_included:
            own = max(own - of_lines, 0)
        total = get("total")
        if total is None:
            total = amounts - own + get("shipping_fee", 0) + get("other_fee", 0) + get("adjustment", 0)
        elif self.plan.layout.points_in_total:
            total += get("points_used", 0)
        if total < 0:
            problems.append(Problem(line_no, self.headers["total"], "discount_too_large", _TOO_LARGE))
            return False
        order["total"], order["discount"] = total, own + of_lines
        order.setdefault("subtotal", amounts + of_lines)
        return True

    def _record(
        self, order: dict[str, Any], lines: list[LineRecord], shipments: tuple[ShipmentRecord, ...]
    ) -> OrderRecord:
        get = order.get
        store = get("store", "")
        return OrderRecord(
            source=order["source"],
            external_id=order["order_id"],
            ordered_at=order["ordered_at"],
            customer=order["customer"],
            channel=get("channel") or ("web" if store.lower() in _WEB_STORES else "store"),
            store=store,
            lines=tuple(lines),
            subtotal_yen=order["subtotal"],
            discount_yen=order["discount"],
            points_used_yen=get("points_used", 0),
            shipping_yen=get("shipping_fee", 0),
            total_yen=order["total"],
            refunded_yen=min(get("refunded", 0), order["total"]),
            cancelled=get("cancelled", False),
            payment_method=get("payment_method", ""),
            shipments=shipments,
        )


def _add_shipping(*, order: dict[str, Any], line: dict[str, Any]) -> None:
    fee = line.get("line_shipping", 0) - line.get("line_shipping_discount", 0)
    order["shipping_fee"] = order.get("shipping_fee", 0) + max(fee, 0)


_TOO_LARGE = Words(ja="値引きが金額を超えています。", en="The discount is larger than the amount.")
_NOT_THE_SAME = Words(
    ja="同じ注文番号なのに{line}行目と値が違います。",
    en="The value differs from line {line} of the same order number.",
)
