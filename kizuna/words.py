"""Every sentence a person reads exists in Japanese and in English, side by side.

Both wordings stand where the sentence is used, so neither can be forgotten and a reviewer
sees them together (decision 0004). Python writes ``Words(ja="注文", en="Orders")``; a template
writes ``{% t "注文" "Orders" %}``.
"""

from dataclasses import dataclass

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.translation import get_language

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One sentence in both languages; ``str()`` gives the active language's wording."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "ja").startswith("en") else self.ja

    def fill(self, **values: object) -> "Words":
        """The same sentence with ``{name}`` places filled in both languages; a value may be ``Words`` itself."""
        ja = {name: value.ja if isinstance(value, Words) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
        return Words(ja=self.ja.format(**ja), en=self.en.format(**en))


def in_number(*, count: int, ja: str, one: str, many: str) -> Words:
    """A sentence about so many things: English has a wording for one of them, Japanese needs none."""
    return Words(ja=ja, en=one if count == 1 else many)


@register.simple_tag
def t(ja: str, en: str, **values: object) -> str:
    """``{% t "{count} 件" "{count} items" count=n %}``: the wording of the active language, values escaped."""
    sentence = str(Words(ja=ja, en=en))
    return format_html(conditional_escape(sentence), **values) if values else sentence


@register.simple_tag
def tn(count: int, ja: str, one: str, many: str, **values: object) -> str:
    """``{% tn count "{n} 件" "{n} item" "{n} items" %}``: as ``t``, with ``{n}`` as the count and English in number."""
    return str(t(ja, one if count == 1 else many, n=count, **values))
