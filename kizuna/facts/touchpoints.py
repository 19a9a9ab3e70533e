"""The touchpoints of a customer's journey, in the order a customer meets them (catalogue row U3).

An own touchpoint of the company is any other slug; it is shown after these.
"""

from functools import lru_cache

from kizuna.words import Words

TOUCHPOINTS: dict[str, Words] = {
    "notice": Words(ja="認知・広告", en="Notice"),
    "word_of_mouth": Words(ja="口コミ・SNS", en="Word of mouth"),
    "site": Words(ja="サイト閲覧", en="Website"),
    "store": Words(ja="店舗での接客", en="In store"),
    "purchase": Words(ja="購入手続き", en="Purchase"),
    "delivery": Words(ja="配送・受け取り", en="Delivery"),
    "product": Words(ja="商品の使用", en="Product use"),
    "support": Words(ja="お問い合わせ対応", en="Support"),
    "repeat": Words(ja="再購入・推奨", en="Repeat and recommend"),
}

_ALIASES: dict[str, str] = {
    "認知": "notice",
    "広告": "notice",
    "口コミ": "word_of_mouth",
    "sns": "word_of_mouth",
    "サイト": "site",
    "web": "site",
    "ウェブ": "site",
    "店舗": "store",
    "接客": "store",
    "購入": "purchase",
    "注文": "purchase",
    "checkout": "purchase",
    "配送": "delivery",
    "配達": "delivery",
    "商品": "product",
    "use": "product",
    "問い合わせ": "support",
    "お問い合わせ": "support",
    "サポート": "support",
    "再購入": "repeat",
}


@lru_cache(maxsize=4096)
def touchpoint_slug(*, text: str) -> str:
    """The standard slug for a word a file or a person used; an unknown word stays, lower-cased."""
    word = text.strip().lower()
    return _ALIASES.get(word, word)


def touchpoint_words(*, slug: str) -> Words:
    """The name to show; an own touchpoint is shown as it was written, an empty one as «not stated»."""
    if not slug:
        return Words(ja="（接点不明）", en="(not stated)")
    return TOUCHPOINTS.get(slug) or Words(ja=slug, en=slug)


def touchpoint_rank(*, slug: str) -> tuple[int, str]:
    """Sort key: journey order first, own touchpoints after, the unknown last."""
    order = list(TOUCHPOINTS)
    if slug in TOUCHPOINTS:
        return (order.index(slug), slug)
    return (len(order) + (not slug), slug)
