"""One cell: cleaning it, and reading it as a number, an amount, a yes or no, a date.

A reader takes the cleaned text and answers the value or raises ``BadCell`` with the reason.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from kizuna.clock import JST
from kizuna.connectors.tables.rules.dates import end_of_day, parse_date, parse_moment
from kizuna.words import Words

Reader = Callable[[str], object]

# cp932 decodes some characters to twins of what UTF-8 files hold; folding makes both files say the same.
_CP932_TWINS = str.maketrans("〜−‖¢£¬", "～－∥￠￡￢")
_HAS_TWIN = re.compile("[〜−‖¢£¬]")
_MONEY_NOISE = re.compile(r"[,\s¥\\円]|JPY|yen", re.IGNORECASE)
# fmt: off
_TRUE = frozenset({
    "1", "true", "t", "yes", "y", "on", "はい", "有", "有り", "あり", "○", "◯", "済", "許可", "希望", "希望する",
    "受け取る", "受信する", "cancelled", "canceled", "キャンセル", "キャンセル済み", "取消",
})
_FALSE = frozenset({
    "0", "false", "f", "no", "n", "off", "いいえ", "無", "無し", "なし", "×", "-", "否", "未", "拒否", "希望しない",
    "受け取らない", "受信しない",
})
# fmt: on
_SEX = {
    "男": "male",
    "男性": "male",
    "m": "male",
    "male": "male",
    "女": "female",
    "女性": "female",
    "f": "female",
    "female": "female",
    "その他": "other",
    "other": "other",
}  # fmt: skip
_INTEGER_LIMIT = 2**53
MIDNIGHT = time()


class BadCell(Exception):  # noqa: N818 - reads as what it is
    """A cell that cannot be read as what its column should hold."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def clean_cell(*, text: str) -> str:
    """The cell as every reader sees it; ``_clean`` is the same for the hot path."""
    return _clean(text)


def _clean(text: str) -> str:
    """Strip blanks, one leading ``'`` (Shopify, Excel and our own export put it there) and fold twins."""
    text = text.replace("\0", "").strip() if "\0" in text else text.strip()
    if text and text[0] == "'":
        text = text[1:].strip()
    if not text.isascii() and _HAS_TWIN.search(text):
        text = text.translate(_CP932_TWINS)
    return text.replace("\r\n", "\n") if "\r" in text else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _text(text: str) -> str:
    return text


def _number(text: str) -> float:
    try:
        value = float(_plain(text).replace(",", ""))
    except ValueError:
        value = float("nan")
    if not abs(value) < _INTEGER_LIMIT or "_" in text:
        raise BadCell("not_a_number", _NOT_A_NUMBER.fill(value=_short(text)))
    return value


def _integer(text: str) -> int:
    plain = _plain(text).replace(",", "")
    if plain.isdecimal() and len(plain) < 15:
        return int(plain)
    value = _number(text)
    if value != int(value):
        raise BadCell("not_whole", _NOT_WHOLE.fill(value=_short(text)))
    return int(value)


def _count(text: str) -> int:
    value = _integer(text)
    if not 0 < value < 2**31:
        raise BadCell("quantity_not_positive", _NOT_POSITIVE.fill(value=_short(text)))
    return value


def _money(text: str) -> int:
    if text.isdecimal() and text.isascii() and len(text) < 13:
        return int(text)
    plain = _MONEY_NOISE.sub("", _plain(text).replace("￥", ""))
    if plain[:1] in {"△", "▲", "－", "‐", "−"}:
        plain = "-" + plain[1:]
    elif plain[:1] == "(" and plain[-1:] == ")":
        plain = "-" + plain[1:-1]
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise BadCell("not_an_amount", _NOT_AN_AMOUNT.fill(value=_short(text))) from None
    if not value.is_finite() or abs(value) >= 10**12 or "_" in plain:
        raise BadCell("not_an_amount", _NOT_AN_AMOUNT.fill(value=_short(text)))
    if value != int(value):
        raise BadCell("fraction_of_yen", _FRACTION.fill(value=_short(text)))
    return int(value)


def _amount(text: str) -> int:
    value = _money(text)
    if value < 0:
        raise BadCell("negative_amount", _NEGATIVE.fill(value=_short(text)))
    return value


def _deduction(text: str) -> int:
    """Discounts stand as 500 in one system and as -500 in another; both mean 500 yen less."""
    return abs(_money(text))


def _yes_no(text: str) -> bool:
    word = _plain(text).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadCell("not_yes_or_no", _NOT_YES_NO.fill(value=_short(text)))


def _filled(text: str) -> bool:
    return bool(text)


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text=text)[0]
    except (ValueError, OverflowError):
        raise BadCell("not_a_date", _NOT_A_DATE.fill(value=_short(text))) from None


def _deadline(text: str) -> datetime:
    try:
        moment, has_time = parse_moment(text=text)
    except (ValueError, OverflowError):
        raise BadCell("not_a_date", _NOT_A_DATE.fill(value=_short(text))) from None
    # Systems that keep a date as a time export midnight; nobody promises a parcel for 00:00.
    return end_of_day(moment=moment, has_time=has_time and moment.astimezone(JST).time() != MIDNIGHT)


def _day(text: str) -> date:
    try:
        return parse_date(text=text)
    except (ValueError, OverflowError):
        raise BadCell("not_a_date", _NOT_A_DATE.fill(value=_short(text))) from None


def _sex(text: str) -> str:
    return _SEX.get(_plain(text).lower(), "")


def _yen_only(text: str) -> str:
    if _plain(text).upper() not in {"JPY", "円", "YEN"}:
        raise BadCell("not_yen", _NOT_YEN.fill(value=_short(text)))
    return text


CLEANER = _clean
"""``clean_cell`` as a plain function of one text, for the hot path."""

READERS: dict[str, Reader] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "count": _count,
    "money": _money,
    "amount": _amount,
    "deduction": _deduction,
    "yes_no": _yes_no,
    "filled": _filled,
    "moment": _moment,
    "deadline": _deadline,
    "day": _day,
    "sex": _sex,
    "yen_only": _yen_only,
}

_NOT_A_NUMBER = Words(ja="「{value}」は数ではありません。", en="“{value}” is not a number.")
_NOT_WHOLE = Words(ja="「{value}」は整数ではありません。", en="“{value}” is not a whole number.")
_NOT_POSITIVE = Words(ja="数量「{value}」は1以上の整数にしてください。", en="The quantity “{value}” must be 1 or more.")
_NOT_AN_AMOUNT = Words(ja="「{value}」は金額として読めません。", en="“{value}” cannot be read as an amount.")
_FRACTION = Words(ja="「{value}」には円未満の端数があります。", en="“{value}” has a fraction of a yen.")
_NEGATIVE = Words(ja="金額「{value}」がマイナスです。", en="The amount “{value}” is negative.")
_NOT_YES_NO = Words(
    ja="「{value}」は「はい・いいえ」（1/0）として読めません。", en="“{value}” cannot be read as yes or no (1/0)."
)
_NOT_A_DATE = Words(
    ja="「{value}」は日付として読めません。2026/7/9、2026-07-09 10:30、令和8年7月9日 のように書いてください。",
    en="“{value}” cannot be read as a date. Write 2026/7/9, 2026-07-09 10:30 or 令和8年7月9日.",
)
_NOT_YEN = Words(
    ja="通貨が「{value}」です。日本円の注文だけを取り込めます。",
    en="The currency is “{value}”; only yen orders can be imported.",
)
