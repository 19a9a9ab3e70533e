"""The general templates with invented rows, for people who start from an empty sheet."""

from kizuna.errors import NotFound

EXAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "generic_orders": (
        ("order_id", "ordered_at", "customer", "email", "store", "sku", "product", "category", "quantity",
         "unit_price_yen", "discount_yen", "promised_at", "delivered_at", "cancelled"),
        ("A-0001", "2026-07-09 10:30", "C001", "hanako@example.jp", "渋谷店", "TEA-01", "緑茶 100g", "飲料", "2",
         "1080", "0", "2026-07-12", "2026-07-11 15:20", "0"),
        ("A-0001", "2026-07-09 10:30", "C001", "hanako@example.jp", "渋谷店", "CAN-02", "茶筒", "雑貨", "1",
         "3300", "300", "2026-07-12", "2026-07-11 15:20", "0"),
    ),
    "generic_customers": (
        ("顧客ID", "姓", "名", "セイ", "メイ", "メールアドレス", "電話番号", "郵便番号", "都道府県", "住所", "性別",
         "生年月日", "メール配信", "会員カード番号"),
        ("C001", "山田", "花子", "ヤマダ", "ハナコ", "hanako@example.jp", "090-0000-0000", "150-0001", "東京都",
         "渋谷区神宮前1-1-1", "女性", "1990-02-03", "1", "K0001"),
    ),
    "survey_answers": (
        ("answer_id", "customer", "instrument", "score", "answered_at", "touchpoint", "channel", "store", "comment"),
        ("R-0001", "C001", "nps", "9", "2026-07-12 20:00", "store", "store", "渋谷店", "とても親切でした"),
        ("R-0002", "C001", "csat5", "4", "2026-07-13 09:10", "delivery", "web", "", ""),
    ),
    "reviews": (
        ("レビューID", "掲載サイト", "顧客ID", "評価", "投稿日", "タイトル", "本文", "店舗", "商品コード"),
        ("V-0001", "google", "", "5", "2026-07-15", "また来ます", "店員さんが親切でした", "渋谷店", ""),
    ),
    "shipments": (
        ("注文番号", "出荷番号", "配送業者", "送り状番号", "お届け予定日", "発送日", "配達完了日時"),
        ("A-0001", "S-0001", "ヤマト運輸", "0000-0000-0000", "2026-07-12", "2026-07-10", "2026-07-11 15:20"),
    ),
}  # fmt: skip


class NoExample(NotFound):
    """There is no template of that name."""

    code = "no_example"
