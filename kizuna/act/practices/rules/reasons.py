"""Why somebody stands still or has left: as it is kept with the enrolment, and as it is told to a reader."""

from dataclasses import dataclass

import msgspec

from kizuna.errors import Refusal
from kizuna.words import Words

KNOWN = {
    "practice_ended": Words(ja="接客方法の終了", en="The practice ended"),
    "practice_edited": Words(ja="ステップの削除", en="The step was taken away"),
    "people_parted": Words(ja="お客様の統合の取り消し", en="The customer's records were parted"),
    "people_merged": Words(ja="お客様の統合", en="The customer's records were merged"),
    "order_cancelled": Words(ja="ご注文のキャンセル", en="The order was cancelled"),
    "order_refunded": Words(ja="ご注文の返金", en="The order was refunded"),
    "order_gone": Words(ja="ご注文の記録の取り消し", en="The order's record was withdrawn"),
    "erased": Words(ja="お客様情報の消去", en="The customer was erased"),
}
WITHOUT_COUPON = {
    "limit_reached": Words(ja="特典の利用回数の上限に達していた", en="The offer was given as often as it may be used"),
    "budget_spent": Words(ja="特典の予算が足りなかった", en="The offer's budget did not cover one more"),
    "person_limit_reached": Words(
        ja="お一人様の回数の上限に達していた", en="The customer had as many as one customer may"
    ),
}
"""Refusals of a coupon that end the customer's way, counted for whoever may raise the limit."""
_FAILED = Words(ja="内部のエラーが起きました（{what}）。", en="Something went wrong inside ({what}).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """``trace`` says where in the program it failed; it is for whoever mends it, not for the page."""

    code: str
    words: Words
    trace: str = ""


class _Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal as text. Both wordings are kept, since their numbers and names are known only at the moment itself."""

    code: str
    ja: str
    en: str
    trace: str = ""


def kept(*, refusal: Refusal, trace: str = "") -> str:
    """The refusal as the enrolment keeps it."""
    said = _Kept(code=refusal.code, ja=refusal.words.ja, en=refusal.words.en, trace=trace)
    return msgspec.json.encode(said).decode()


def beginning(*, code: str) -> str:
    """What every kept refusal of this code begins with, whatever its wording."""
    return f'{{"code":"{code}",'


def reason_of(*, text: str) -> Reason:
    """What the kept text says: a known reason, a refusal, or the last line of what went wrong inside."""
    if not text or text in KNOWN:
        return Reason(code=text, words=KNOWN.get(text, Words(ja="", en="")))
    try:
        said = msgspec.json.decode(text, type=_Kept)
    except msgspec.DecodeError:
        return Reason(code="failed", words=_FAILED.fill(what=text.splitlines()[-1]), trace=text)
    return Reason(code=said.code, words=Words(ja=said.ja, en=said.en), trace=said.trace)
