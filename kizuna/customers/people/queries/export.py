"""Everything this feature knows about a customer, for a disclosure request (個人情報保護法 第33条)."""

from collections.abc import Sequence

from kizuna.customers.people.models import Evidence, Person, PersonImage

_KINDS = {
    "account": "会員番号",
    "card": "会員カード",
    "line": "LINE",
    "mail": "メールアドレス",
    "phone": "電話番号",
    "manual": "スタッフによる統合",
}
_LABELS = {
    "id": "顧客記録番号",
    "source": "取得元",
    "record_key": "取得元での識別",
    "display_name": "氏名",
    "family_name": "姓",
    "given_name": "名",
    "family_kana": "セイ",
    "given_kana": "メイ",
    "company": "会社名",
    "email": "メールアドレス",
    "phone": "電話番号",
    "postcode": "郵便番号",
    "prefecture": "都道府県",
    "city": "市区町村",
    "address": "住所",
    "sex": "性別",
    "birth_date": "生年月日",
    "accepts_mail": "メール受信の意思",
    "note": "取得元のメモ",
    "observed_at": "最終確認日時",
    "recorded_at": "登録日時",
    "erased_at": "消去日時",
}


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """The records, their evidence and their kept earlier versions, labelled in Japanese."""
    records = Person.objects.filter(id__in=person_ids).order_by("id").values_list(*_LABELS)
    evidence = Evidence.objects.filter(person_id__in=person_ids).order_by("id")
    images = PersonImage.objects.filter(person_id__in=person_ids).order_by("id")
    return {
        "顧客記録": [dict(zip(_LABELS.values(), row, strict=True)) for row in records],
        "本人照合の根拠": [
            {
                "顧客記録番号": row.person_id,
                "種類": _KINDS.get(row.kind, row.kind),
                "値": row.raw or row.key,
                "取得元": row.source,
                "確認日時": row.observed_at,
                "取消日時": row.retracted_at,
            }
            for row in evidence
        ],
        "変更前の内容": [
            {"顧客記録番号": row.person_id, "内容": row.content, "変更日時": row.recorded_at} for row in images
        ],
    }
