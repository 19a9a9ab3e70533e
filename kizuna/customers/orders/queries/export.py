"""A customer's orders for a disclosure request."""

from collections.abc import Sequence

from kizuna.customers.orders.queries.cards import orders_of


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every order with lines and parcels, labelled in Japanese."""
    return {
        "注文": [
            {
                "注文番号": card.external_id,
                "取得元": card.source,
                "注文日時": card.ordered_at,
                "経路": card.channel,
                "店舗": card.store_name,
                "小計": card.subtotal_yen,
                "値引き": card.discount_yen,
                "利用ポイント": card.points_used_yen,
                "送料": card.shipping_yen,
                "合計": card.total_yen,
                "返金額": card.refunded_yen,
                "キャンセル": card.cancelled,
                "支払方法": card.payment_method,
                "明細": [
                    {
                        "商品コード": line.product,
                        "商品名": line.name,
                        "規格": line.variant,
                        "数量": line.quantity,
                        "単価": line.unit_price_yen,
                        "金額": line.amount_yen,
                    }
                    for line in card.lines
                ],
                "配送": [
                    {
                        "配送会社": parcel.carrier,
                        "追跡番号": parcel.tracking_no,
                        "お届け予定": parcel.promised_at,
                        "発送日時": parcel.shipped_at,
                        "お届け日時": parcel.delivered_at,
                    }
                    for parcel in card.shipments
                ],
            }
            for card in orders_of(person_ids=person_ids)
        ]
    }
