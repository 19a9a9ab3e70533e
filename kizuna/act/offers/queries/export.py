"""What a customer is told about their coupons when they ask for everything."""

from collections.abc import Sequence

from kizuna.act.offers.models import Coupon, LedgerEntry
from kizuna.act.offers.rules import spaced
from kizuna.customers.stores.queries import among

_KINDS = {"redeemed": "利用", "reversed": "取消"}


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Coupons given to these records and what was done with coupons by them, labelled in Japanese."""
    given = Coupon.objects.filter(among(column="person_id", values=person_ids)).select_related("offer").order_by("id")
    entries = LedgerEntry.objects.filter(among(column="person_id", values=person_ids)).order_by("id")
    return {
        "クーポン": [
            {
                "コード": spaced(code=one.code, prefix=one.offer.code_prefix),
                "特典": one.offer.title_ja,
                "発行日時": one.issued_at,
                "有効期限": one.expires_at,
                "利用回数": one.used,
                "施策": one.practice,
            }
            for one in given
        ],
        "クーポンの利用": [
            {
                "日時": one.recorded_at,
                "区分": _KINDS[one.kind],
                "値引額（円）": one.discount_yen,
                "購入額（円）": one.amount_yen,
                "店舗": one.store,
                "注文": one.order_id,
            }
            for one in entries
        ],
    }
