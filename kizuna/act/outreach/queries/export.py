"""Everything this room knows about a customer, for a disclosure request (個人情報保護法 第33条)."""

from collections.abc import Sequence

from kizuna.act.outreach.models import Liking, Suppression
from kizuna.act.outreach.queries import messages, tasks


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Messages with what was sent, tasks, stops and wishes, labelled in Japanese."""
    ids = list(person_ids)
    stops = Suppression.objects.filter(person_id__in=ids).order_by("id")
    wishes = Liking.objects.filter(person_id__in=ids).order_by("id")
    return {
        **messages.export_people(person_ids=ids),
        **tasks.export_people(person_ids=ids),
        "配信を止めている宛先": [
            {"経路": one.channel, "理由": one.kind, "日時": one.since, "解除日時": one.lifted_at} for one in stops
        ],
        "希望の連絡方法": [{"経路": one.channel, "言語": one.language, "表明日時": one.stated_at} for one in wishes],
    }
