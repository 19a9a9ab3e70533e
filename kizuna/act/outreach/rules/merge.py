"""Merge fields: names in double braces, filled in and nothing else. No conditions, no loops, no code.

An unknown name of a customer has a wording of its own («お客様», “customer”), and swallows the 様 that follows,
so that «{{顧客.姓}}様» never becomes «お客様様». So has a product that no file ever named. Any other value that is
missing stops the message: a mail with a hole where the coupon should be is worse than none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from kizuna.errors import Invalid
from kizuna.words import Words

FIELDS: dict[str, Words] = {
    "顧客.姓": Words(ja="お客様の姓", en="Customer's family name"),
    "顧客.名": Words(ja="お客様の名", en="Customer's given name"),
    "顧客.氏名": Words(ja="お客様の氏名", en="Customer's full name"),
    "会社.名前": Words(ja="会社名（送信者名）", en="Company (sender's name)"),
    "注文.番号": Words(ja="注文番号", en="Order number"),
    "注文.商品": Words(ja="注文の主な商品名", en="Main product of the order"),
    "クーポン.コード": Words(ja="クーポンのコード", en="Coupon code"),
    "クーポン.名前": Words(ja="クーポンの名前", en="Coupon's name"),
    "クーポン.期限": Words(ja="クーポンの期限", en="Coupon's last day"),
    "アンケート.リンク": Words(ja="アンケートのリンク", en="Survey link"),
    "配信停止.リンク": Words(ja="配信停止のリンク", en="Unsubscribe link"),
}
"""Every field a template may use."""

NAMES = ("顧客.姓", "顧客.名", "顧客.氏名")
_UNKNOWN: dict[str, str] = {"ja": "お客様", "en": "customer"}
_UNNAMED: dict[str, str] = {"ja": "ご注文の商品", "en": "your order"}
_COMPANY: dict[str, str] = {"ja": "当店", "en": "our shop"}
_FIELD = re.compile(r"\{\{[ 　]*(?P<field>[^{}\n]*?)[ 　]*\}\}(?P<after>[ 　]*(?:様|さま|さん))?")
_STRAY = re.compile(r"\{\{|\}\}")
_LINK = re.compile(r"https?://[^\s<>\"'　、。）」]+")
_BREAKS = str.maketrans({"\r": None, "\n": " ", "\0": None})

SAMPLES: dict[str, str] = {
    "注文.番号": "A-20481",
    "注文.商品": "有機煎茶 100g",
    "クーポン.コード": "THX-7K2M-QF",
    "クーポン.名前": "次回500円引き",
    "クーポン.期限": "2026年12月31日",
    "アンケート.リンク": "https://example.jp/s/…",
    "配信停止.リンク": "https://example.jp/u/…",
}
"""Stand-ins for a preview."""


def order_values(*, number: str, product: str, language: str) -> dict[str, str]:
    """The fields about an order; a till that knows products by their codes alone keeps no letter back."""
    return {"注文.番号": number, "注文.商品": product or _UNNAMED[language]}


class UnknownField(Invalid):
    """A template names merge fields that there are not. ``where`` names the wording, as «mail ja»."""

    code = "unknown_merge_field"

    def __init__(self, *, fields: tuple[str, ...], where: str = "") -> None:
        shown = "、".join(f"{{{{{name}}}}}" for name in fields)
        super().__init__(
            Words(ja=f"使えない差し込み項目があります: {shown}", en=f"These merge fields do not exist: {shown}")
        )
        self.fields, self.where = fields, where


class BracesOpen(UnknownField):
    """A merge field is begun and never ended, or the other way round."""

    code = "merge_braces_open"

    def __init__(self, *, near: str, where: str = "") -> None:
        super().__init__(fields=("…",), where=where)
        self.words = Words(
            ja=f"差し込み項目の「{{{{」と「}}}}」が対になっていません。「{near}」のあたりをご確認ください。",
            en=f"A merge field is opened or closed only: its {{{{ and }}}} do not match, near “{near}”.",
        )


class MissingValue(Exception):  # noqa: N818  the gate turns it into a reason
    """A field that the wording needs has no value."""

    def __init__(self, *, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is known of a customer's name."""

    family_name: str = ""
    given_name: str = ""
    display_name: str = ""


def fields_in(*, text: str) -> tuple[str, ...]:
    """The merge fields a wording uses, each once."""
    return tuple(dict.fromkeys(found.group("field") for found in _FIELD.finditer(text)))


def check_fields(*, texts: Mapping[str, str]) -> None:
    """Make sure that every field in these wordings exists. Raises: UnknownField, BracesOpen."""
    for where, text in texts.items():
        wrong = tuple(name for name in fields_in(text=text) if name not in FIELDS)
        if wrong:
            raise UnknownField(fields=wrong, where=where)
        # As long as the field was, so that the places agree.
        without = _FIELD.sub(lambda found: " " * len(found.group(0)), text)
        stray = _STRAY.search(without)
        if stray:
            raise BracesOpen(near=_near(text=text, start=stray.start(), end=stray.end()), where=where)


def _near(*, text: str, start: int, end: int) -> str:
    """A few signs around a place, of its own line."""
    begins, ends = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return text[max(start - 5, begins) : min(end + 15, len(text) if ends < 0 else ends)]


def merge(*, text: str, values: Mapping[str, str], named: Named, language: str) -> str:
    """The wording with every field filled in. Values are taken as they are: one that holds braces is not filled again.

    Raises: MissingValue.
    """

    def fill(found: re.Match[str]) -> str:
        field, after = found.group("field"), found.group("after") or ""
        if field not in NAMES:
            return _value(field=field, values=values, language=language) + after
        known = _name(field=field, named=named)
        return known + after if known else _UNKNOWN.get(language, _UNKNOWN["en"])

    # One pass over the wording, so that nothing that was filled in is read as a field.
    return _FIELD.sub(fill, text)


def one_line(*, text: str) -> str:
    """A subject: no line break may enter a mail's header."""
    return " ".join(text.translate(_BREAKS).split(" ")).strip()


def as_html(*, text: str, picture: str = "") -> str:
    """The text as a mail's HTML part: everything escaped, paragraphs kept, addresses made links."""
    paragraphs = re.split(r"\n[ \t　]*\n", text.replace("\r\n", "\n").strip("\n"))
    seen = f'<img src="{escape(picture, quote=True)}" width="1" height="1" alt="">' if picture else ""
    body = "".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())
    return (
        '<div style="font-size:15px;line-height:1.8;max-width:38em;'
        "font-family:'Hiragino Sans','Noto Sans JP','Yu Gothic',Meiryo,sans-serif\">" + body + seen + "</div>"
    )


def _linked(paragraph: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(paragraph):
        address = escape(found.group(0), quote=True)
        parts += [escape(paragraph[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    parts.append(escape(paragraph[end:]))
    return "".join(parts).replace("\n", "<br>\n")


def _name(*, field: str, named: Named) -> str:
    if field == "顧客.氏名":
        full = " ".join(part for part in (named.family_name, named.given_name) if part)
        return full or named.display_name
    own = named.family_name if field == "顧客.姓" else named.given_name
    # A single name is never split by guess.
    return own or named.display_name


def _value(*, field: str, values: Mapping[str, str], language: str) -> str:
    value = values.get(field, "")
    if not value and field == "会社.名前":
        return _COMPANY.get(language, _COMPANY["en"])
    if not value:
        raise MissingValue(field=field)
    return value
