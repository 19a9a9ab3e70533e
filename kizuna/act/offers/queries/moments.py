"""What a customer was given, used and gave back, as moments of the customer's page."""

from collections.abc import Collection

from django.db.models import CharField, F
from django.db.models.functions import Cast

from kizuna.act.offers.models import Coupon, LedgerEntry
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.queries import Part, moments


def moments_of(*, person_ids: Collection[int]) -> list[Part]:
    """Coupons («coupon»: until it expires, text is the code, place what the code begins with) and their ledger.

    In the ledger the state is «redeemed» or «reversed», the text the yen it took off.
    """
    given = Coupon.objects.filter(among(column="person_id", values=person_ids), issued_at__isnull=False)
    entries = LedgerEntry.objects.filter(coupon__in=given.values("pk"))
    return [
        moments(
            found=given,
            kind="coupon",
            at="issued_at",
            name_ja="offer__title_ja",
            name_en="offer__title_en",
            place="offer__code_prefix",
            text="code",
            until="expires_at",
        ),
        moments(
            found=entries,
            kind="ledger",
            at="recorded_at",
            name_ja="coupon__offer__title_ja",
            name_en="coupon__offer__title_en",
            place="store",
            state="kind",
            text=Cast(F("discount_yen"), CharField(max_length=20)),
        ),
    ]
