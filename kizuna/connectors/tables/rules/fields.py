"""What a layout may fill, per kind of table: each field's reader and its name for people."""

from dataclasses import dataclass
from typing import Literal

from kizuna.words import Words

Kind = Literal["orders", "customers", "answers", "reviews", "shipments"]
Part = Literal["order", "line", "shipment", "customer", "answer", "review"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold. ``part`` says which record it goes into."""

    part: Part
    reader: str
    words: Words


def _f(part: Part, reader: str, ja: str, en: str) -> Field:
    return Field(part, reader, Words(ja=ja, en=en))


_CUSTOMER: dict[str, Field] = {
    "customer": _f("customer", "text", "顧客ID", "Customer id"),
    "card_no": _f("customer", "text", "会員カード番号", "Card number"),
    "line_id": _f("customer", "text", "LINE ID", "LINE id"),
    "email": _f("customer", "text", "メールアドレス", "Mail address"),
    "phone": _f("customer", "text", "電話番号", "Phone"),
    "name": _f("customer", "text", "氏名（姓名一括）", "Full name"),
    "family_name": _f("customer", "text", "姓", "Family name"),
    "given_name": _f("customer", "text", "名", "Given name"),
    "family_kana": _f("customer", "text", "セイ", "Family name, kana"),
    "given_kana": _f("customer", "text", "メイ", "Given name, kana"),
    "company": _f("customer", "text", "会社名", "Company"),
    "postcode": _f("customer", "text", "郵便番号", "Postcode"),
    "prefecture": _f("customer", "text", "都道府県", "Prefecture"),
    "city": _f("customer", "text", "市区町村", "City"),
    "address": _f("customer", "text", "住所", "Address"),
    "sex": _f("customer", "sex", "性別", "Sex"),
    "birth_date": _f("customer", "day", "生年月日", "Birth date"),
    "accepts_mail": _f("customer", "yes_no", "メール配信の許可", "Accepts mail"),
    "note": _f("customer", "text", "メモ", "Note"),
}
_SHIPMENT: dict[str, Field] = {
    "shipment_id": _f("shipment", "text", "出荷番号", "Shipment id"),
    "carrier": _f("shipment", "text", "配送業者", "Carrier"),
    "tracking_no": _f("shipment", "text", "送り状番号", "Tracking number"),
    "promised_at": _f("shipment", "deadline", "お届け予定", "Promised for"),
    "shipped_at": _f("shipment", "moment", "発送日時", "Shipped at"),
    "delivered_at": _f("shipment", "deadline", "お届け完了", "Delivered at"),
}
_ORDER: dict[str, Field] = {
    "order_id": _f("order", "text", "注文番号", "Order number"),
    "ordered_at": _f("order", "moment", "注文日時", "Ordered at"),
    "source": _f("order", "text", "取込元の名前", "Source name"),
    "channel": _f("order", "text", "チャネル", "Channel"),
    "store": _f("order", "text", "店舗", "Store"),
    "cancelled": _f("order", "yes_no", "キャンセル", "Cancelled"),
    "currency": _f("order", "yen_only", "通貨", "Currency"),
    "subtotal": _f("order", "amount", "小計", "Subtotal"),
    "discount": _f("order", "deduction", "値引き", "Discount"),
    "coupon": _f("order", "deduction", "クーポン", "Coupon"),
    "points_used": _f("order", "deduction", "利用ポイント", "Points used"),
    "shipping_fee": _f("order", "amount", "送料", "Shipping"),
    "other_fee": _f("order", "amount", "手数料", "Other fees"),
    "adjustment": _f("order", "money", "調整金額", "Adjustment"),
    "total": _f("order", "amount", "合計", "Total"),
    "refunded": _f("order", "deduction", "返金額", "Refunded"),
    "payment_method": _f("order", "text", "支払方法", "Payment method"),
}
_LINE: dict[str, Field] = {
    "sku": _f("line", "text", "商品コード", "SKU"),
    "product": _f("line", "text", "商品名", "Product"),
    "variant": _f("line", "text", "バリエーション", "Variant"),
    "category": _f("line", "text", "商品カテゴリ", "Category"),
    "brand": _f("line", "text", "ブランド", "Brand"),
    "quantity": _f("line", "count", "数量", "Quantity"),
    "unit_price": _f("line", "amount", "単価", "Unit price"),
    "line_discount": _f("line", "deduction", "明細の値引き", "Line discount"),
    "line_gross": _f("line", "amount", "明細の値引き前金額", "Line amount before discount"),
    "line_amount": _f("line", "amount", "明細の値引き後金額", "Line amount after discount"),
    "line_shipping": _f("line", "amount", "明細ごとの送料", "Shipping of the line"),
    "line_shipping_discount": _f("line", "deduction", "明細ごとの送料割引", "Shipping discount of the line"),
    "line_cancelled": _f("line", "yes_no", "明細の取消", "Line cancelled"),
}
_ANSWER: dict[str, Field] = {
    "answer_id": _f("answer", "text", "回答番号", "Answer id"),
    "source": _f("answer", "text", "取込元の名前", "Source name"),
    "instrument": _f("answer", "text", "設問の種類", "Instrument"),
    "score": _f("answer", "number", "点数", "Score"),
    "answered_at": _f("answer", "moment", "回答日時", "Answered at"),
    "touchpoint": _f("answer", "text", "接点", "Touchpoint"),
    "channel": _f("answer", "text", "チャネル", "Channel"),
    "store": _f("answer", "text", "店舗", "Store"),
    "product": _f("answer", "text", "商品", "Product"),
    "category": _f("answer", "text", "商品カテゴリ", "Category"),
    "comment": _f("answer", "text", "コメント", "Comment"),
}
_REVIEW: dict[str, Field] = {
    "review_id": _f("review", "text", "レビュー番号", "Review id"),
    "site": _f("review", "text", "掲載サイト", "Site"),
    "source": _f("review", "text", "取込元の名前", "Source name"),
    "rating": _f("review", "number", "評価", "Rating"),
    "scale_max": _f("review", "integer", "評価の満点", "Highest rating"),
    "posted_at": _f("review", "moment", "投稿日時", "Posted at"),
    "title": _f("review", "text", "タイトル", "Title"),
    "comment": _f("review", "text", "本文", "Comment"),
    "store": _f("review", "text", "店舗", "Store"),
    "product": _f("review", "text", "商品", "Product"),
    "category": _f("review", "text", "商品カテゴリ", "Category"),
    "reply": _f("review", "text", "店舗からの返信", "Reply"),
}
_CUSTOMERS_ONLY: dict[str, Field] = {
    "source": _f("customer", "text", "取込元の名前", "Source name"),
    "observed_at": _f("customer", "moment", "更新日時", "Updated at"),
}
_SHIPMENTS_ONLY: dict[str, Field] = {
    "order_id": _f("order", "text", "注文番号", "Order number"),
    "source": _f("order", "text", "注文の取込元の名前", "The orders' source name"),
}

FIELDS: dict[Kind, dict[str, Field]] = {
    "orders": {**_ORDER, **_LINE, **_CUSTOMER, **_SHIPMENT},
    "customers": {**_CUSTOMERS_ONLY, **_CUSTOMER},
    "answers": {**_ANSWER, **_CUSTOMER},
    "reviews": {**_REVIEW, **_CUSTOMER},
    "shipments": {**_SHIPMENTS_ONLY, **_SHIPMENT},
}
KEYS: dict[Kind, str] = {
    "orders": "order_id",
    "customers": "customer",
    "answers": "answer_id",
    "reviews": "review_id",
    "shipments": "order_id",
}
KIND_WORDS: dict[Kind, Words] = {
    "orders": Words(ja="注文", en="Orders"),
    "customers": Words(ja="顧客", en="Customers"),
    "answers": Words(ja="アンケート回答", en="Survey answers"),
    "reviews": Words(ja="レビュー", en="Reviews"),
    "shipments": Words(ja="配送実績", en="Shipments"),
}
