"""``kizuna demo --files DIR``: the company's last month as the shop's own systems would export it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kizuna.cli.demo.company import PLACE, Plan
from kizuna.cli.demo.generate import Month, make_months
from kizuna.clock import JST
from kizuna.customers.orders.rules import OrderRecord
from kizuna.customers.people.rules import Sighting
from kizuna.gates.write_csv import Cell, CsvEncoding, write_csv

Rows = Iterable[Sequence[Cell]]

_SHOPIFY = (
    *("Name", "Email", "Financial Status", "Fulfillment Status", "Fulfilled at", "Currency", "Subtotal", "Shipping"),
    *("Total", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price"),
    *("Lineitem sku", "Billing Name", "Cancelled at", "Payment Method", "Refunded Amount", "Vendor", "Source"),
    "Lineitem discount",
)
_DETAILS = (
    *(
        "取引ID",
        "取引日時",
        "取引区分",
        "取消区分",
        "小計値引き",
        "ポイント値引き",
        "合計",
        "店舗名",
        "会員ID",
        "会員コード",
    ),
    *("取引明細ID", "取引明細区分", "商品コード", "商品名", "部門名", "数量", "販売単価"),
)
_MEMBERS = (
    *("会員ID", "会員コード", "姓", "名", "姓カナ", "名カナ", "郵便番号", "住所", "携帯電話番号", "メールアドレス"),
    *("性別", "生年月日", "メール受信許可フラグ", "更新日時"),
)
_SHIPMENTS = (
    *("order_id", "source", "shipment_id", "carrier", "tracking_no", "promised_at", "shipped_at", "delivered_at"),
)
_ANSWERS = (
    *("answer_id", "email", "instrument", "score", "answered_at", "touchpoint", "channel", "store", "product"),
    *("category", "comment"),
)
_REVIEWS = (*("review_id", "site", "email", "rating", "posted_at", "title", "comment", "store", "product", "category"),)


def write_files(*, plan: Plan, folder: Path) -> list[Path]:
    """Write the last month's files into the folder and answer their paths.

    Raises ``UnwritableCharacters`` if a name cannot be written in CP932, as the till's system would.
    """
    folder.mkdir(parents=True, exist_ok=True)
    months = list(make_months(plan=plan))
    last = months[-1]
    members = [member for month in months for member in month.members]
    mails = {(member.source, member.account_id): member.email for member in members}
    web = [order for order in last.orders if order.source == "shopify"]
    till = [order for order in last.orders if order.source == "smaregi"]
    return [
        _write(folder / "shopify_orders.csv", _SHOPIFY, _shopify(orders=web)),
        _write(folder / "smaregi_transaction_details.csv", _DETAILS, _details(orders=till), encoding="cp932"),
        _write(folder / "smaregi_members.csv", _MEMBERS, _members(members=members), encoding="cp932"),
        _write(folder / "shipments.csv", _SHIPMENTS, _shipments(orders=web)),
        _write(folder / "survey_answers.csv", _ANSWERS, _answers(month=last, mails=mails)),
        _write(folder / "reviews.csv", _REVIEWS, _reviews(month=last, mails=mails)),
    ]


def _write(path: Path, header: Sequence[str], rows: Rows, *, encoding: CsvEncoding = "utf-8-sig") -> Path:
    with path.open("wb") as out:
        write_csv(out=out, header=header, rows=rows, encoding=encoding)
    return path


def _shopify(*, orders: Iterable[OrderRecord]) -> Iterator[Sequence[Cell]]:
    """One row for each line; what belongs to the order stands on its first row only, as Shopify does it."""
    for order in orders:
        stamp = f"{order.ordered_at:%Y-%m-%d %H:%M:%S %z}"
        mail = order.customer.email if order.customer else ""
        name = order.customer.display_name if order.customer else ""
        shipped = order.shipments[0].shipped_at if order.shipments else None
        discount = order.discount_yen + sum(line.discount_yen for line in order.lines)
        status = "refunded" if order.cancelled else "partially_refunded" if order.refunded_yen else "paid"
        for number, line in enumerate(order.lines):
            sold = (line.quantity, line.name, line.unit_price_yen, line.sku)
            if number:
                yield (order.external_id, mail, *[""] * 8, stamp, *sold, *[""] * 4, line.brand, "", line.discount_yen)
                continue
            yield (
                *(order.external_id, mail, status, "fulfilled" if shipped else "unfulfilled"),
                *(f"{shipped.astimezone(JST):%Y-%m-%d %H:%M:%S %z}" if shipped else "", "JPY"),
                *(order.subtotal_yen - order.discount_yen, order.shipping_yen, order.total_yen, discount, stamp, *sold),
                *(name, stamp if order.cancelled else "", order.payment_method, order.refunded_yen, line.brand, "web"),
                line.discount_yen,
            )


def _details(*, orders: Iterable[OrderRecord]) -> Iterator[Sequence[Cell]]:
    for order in orders:
        head = (
            *(order.external_id, order.ordered_at, "1", "1" if order.cancelled else "0", order.discount_yen),
            *(order.points_used_yen, order.total_yen - order.points_used_yen, PLACE[order.store].name),
            *((order.customer.account_id, order.customer.card_no) if order.customer else ("", "")),
        )
        for number, line in enumerate(order.lines, start=1):
            price = line.amount_yen // line.quantity
            yield (*head, number, "1", line.sku, line.name, line.category, line.quantity, price)


def _members(*, members: Iterable[Sighting]) -> Iterator[Sequence[Cell]]:
    for member in members:
        if member.source != "smaregi":
            continue
        yield (
            *(member.account_id, member.card_no, member.family_name, member.given_name, member.family_kana),
            *(member.given_kana, member.postcode, f"{member.prefecture}{member.city}{member.address}", member.phone),
            *(member.email, {"male": "1", "female": "2"}[member.sex], member.birth_date),
            *("1" if member.accepts_mail else "0", member.observed_at),
        )


def _shipments(*, orders: Iterable[OrderRecord]) -> Iterator[Sequence[Cell]]:
    for order in orders:
        for parcel in order.shipments:
            yield (
                *(order.external_id, order.source, parcel.external_id, parcel.carrier, parcel.tracking_no),
                *(parcel.promised_at, parcel.shipped_at, parcel.delivered_at),
            )


def _mail(*, customer: Sighting | None, mails: dict[tuple[str, str], str]) -> str:
    if customer is None:
        return ""
    return customer.email or mails.get((customer.source, customer.account_id), "")


def _answers(*, month: Month, mails: dict[tuple[str, str], str]) -> Iterator[Sequence[Cell]]:
    for answer in month.answers:
        yield (
            *(answer.external_id, _mail(customer=answer.customer, mails=mails), answer.instrument, int(answer.score)),
            *(answer.answered_at, answer.touchpoint, answer.channel, answer.store, answer.product, answer.category),
            answer.comment,
        )


def _reviews(*, month: Month, mails: dict[tuple[str, str], str]) -> Iterator[Sequence[Cell]]:
    for review in month.reviews:
        yield (
            *(review.external_id, review.site, _mail(customer=review.customer, mails=mails), int(review.rating)),
            *(review.posted_at, review.title, review.comment, review.store, review.product, review.category),
        )
