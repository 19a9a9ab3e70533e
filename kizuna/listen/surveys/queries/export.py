"""A customer's answers and invitations for a disclosure request (個人情報保護法 第33条)."""

from collections.abc import Sequence

from kizuna.listen.surveys.models import Answer, Invitation, SupersededAnswer

_CONTENT = {
    "answered_at": "回答日時",
    "instrument": "尺度",
    "score": "スコア",
    "comment": "コメント",
    "touchpoint": "接点",
    "channel": "経路",
    "store": "店舗",
    "product": "商品",
    "category": "カテゴリ",
}


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every answer, what it said before it was changed, and every invitation, labelled in Japanese."""
    answers = Answer.objects.filter(person_id__in=person_ids).order_by("pk")
    earlier = SupersededAnswer.objects.filter(person_id__in=person_ids).order_by("pk")
    return {
        "回答": [
            dict(zip(("取得元", *_CONTENT.values()), row, strict=True))
            for row in answers.values_list("source", *_CONTENT)
        ],
        "変更前の回答": [dict(zip(_CONTENT.values(), row, strict=True)) for row in earlier.values_list(*_CONTENT)],
        "アンケートの依頼": [
            {
                "アンケート": row.survey.name_ja,
                "経路": row.channel,
                "店舗": row.store,
                "送付日時": row.sent_at,
                "開封日時": row.opened_at,
                "回答日時": row.answered_at,
                "期限": row.expires_at,
            }
            for row in Invitation.objects.filter(person_id__in=person_ids).select_related("survey").order_by("pk")
        ],
    }
