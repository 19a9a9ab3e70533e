"""Who left a practice because there was no coupon to give."""

from collections.abc import Mapping

from django.db.models import Count, Q

from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.rules.reasons import WITHOUT_COUPON, beginning


def left_without_coupon(*, practice: str) -> Mapping[str, int]:
    """Customers by the code of the refusal, those codes only that occurred; one who came twice is one customer."""
    left = Enrolment.objects.filter(practice__name=practice, state="left").exclude(reason="")
    counted = left.aggregate(
        **{code: Count("person", distinct=True, filter=refused_for(code=code)) for code in WITHOUT_COUPON}
    )
    return {code: count for code, count in counted.items() if count}


def refused_for(*, code: str) -> Q:
    """The condition for an enrolment that ended by this refusal."""
    return Q(state="left", reason__startswith=beginning(code=code))
