"""Folded forms of mails, phones, names and postcodes.

A key is only ever compared; what the source wrote is kept untouched beside it. An empty key means
that the text says nothing that could identify anyone.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import jaconv
import phonenumbers

# Addresses the marketplaces hand out instead of the customer's own. They reach the customer about the
# order and must not be used for advertising.
RELAY_DOMAINS = (
    "fw.rakuten.ne.jp",
    "pc.fw.rakuten.ne.jp",
    "mask.rakuten.co.jp",
    "marketplace.amazon.co.jp",
    "marketplace.amazon.com",
    "mp.wowma.jp",
)
# Typed at tills and by phone staff when the customer gave no address: one such word joins strangers.
PLACEHOLDER_LOCALS = frozenset(
    ["no", "none", "nomail", "no-mail", "noemail", "no-email", "noreply", "no-reply", "dummy", "unknown", "nashi"]
)
_MAIL = re.compile(r"^[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+\.[^\s@<>(),;:\"\[\].]{2,}$")
_ANGLE = re.compile(r"<([^<>]+)>\s*$")
_EXTENSION = re.compile(r"[\s(]*(?:内線|ext\.?|extension|#|x)[\s:.]*(\d{1,7})\)?\s*$", re.IGNORECASE)
_DASHES = dict.fromkeys(map(ord, "ー−‐‑‒–—―ｰ－─━"), "-")
# 異体字: forms of one character that are written for the same person by different systems.
_VARIANTS = str.maketrans(
    "髙﨑嵜碕邊邉齋齊濵濱澤廣國櫻嶋嶌眞壽惠德瀨榮圓兒冨峯桒栁藪槇條龍豐曾增會檜靑黑淺莊萬靜彌寬應實學藏顯鄕𠮷舘舩鷗籠舊應關縣與來礒鎭鐵澁",
    "高崎崎崎辺辺斎斉浜浜沢広国桜島島真寿恵徳瀬栄円児富峰桑柳薮槙条竜豊曽増会桧青黒浅荘万静弥寛応実学蔵顕郷吉館船鴎篭旧応関県与来磯鎮鉄渋",
)
_SPACES = re.compile(r"\s+")
_MOBILE = ("+8160", "+8170", "+8180", "+8190")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailKey:
    """``flags`` names what is odd about it: ``relay``, ``rfc`` (breaks the RFC but exists), ``placeholder``."""

    key: str
    flags: tuple[str, ...] = ()

    @property
    def marketing_allowed(self) -> bool:
        """False for an address a marketplace lent us."""
        return "relay" not in self.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneKey:
    """``key`` is +81…, the extension (内線) apart, since colleagues share the number."""

    key: str
    extension: str = ""

    @property
    def is_mobile(self) -> bool:
        """Whether it takes text messages: a Japanese mobile number (060–090), not shared by colleagues."""
        return self.key.startswith(_MOBILE) and not self.extension


def fold_text(*, text: str) -> str:
    """NFKC, lower case, single spaces: the form in which two spellings of a word are compared."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().lower()


@lru_cache(maxsize=65_536)
def mail_key(*, text: str) -> MailKey:
    """The address in lower case after NFKC; dots and plus parts stay, since most hosts tell them apart."""
    folded = fold_text(text=text).removeprefix("'").removeprefix("mailto:")
    angle = _ANGLE.search(folded)
    address = (angle.group(1) if angle else folded).strip()
    if not _MAIL.match(address):
        return MailKey(key="")
    local, _, domain = address.rpartition("@")
    flags = []
    if domain in RELAY_DOMAINS or domain.endswith(tuple("." + relay for relay in RELAY_DOMAINS)):
        flags.append("relay")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        flags.append("rfc")  # docomo and softbank gave such addresses out for years; they do receive mail
    if local in PLACEHOLDER_LOCALS:
        flags.append("placeholder")
    return MailKey(key=address, flags=tuple(flags))


@lru_cache(maxsize=65_536)
def phone_key(*, text: str) -> PhoneKey:
    """The number in international form; a number that cannot exist, or is filled with one digit, is missing."""
    if not text:
        return PhoneKey(key="")
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().removeprefix("'")
    extension = ""
    found = _EXTENSION.search(folded)
    if found:
        folded, extension = folded[: found.start()], found.group(1)
    digits = {character for character in folded if character.isdigit()}
    if len(digits) < 2:
        return PhoneKey(key="")
    try:
        number = phonenumbers.parse(folded, "JP")
    except phonenumbers.NumberParseException:
        return PhoneKey(key="")
    if not phonenumbers.is_valid_number(number):
        return PhoneKey(key="")
    return PhoneKey(key=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), extension=extension)


def phone_shown(*, text: str) -> str:
    """How people in Japan write the number; what cannot be read is shown as it came."""
    found = phone_key(text=text)
    if not found.key:
        return text
    number = phonenumbers.parse(found.key, "JP")
    japanese = number.country_code == 81
    form = phonenumbers.PhoneNumberFormat.NATIONAL if japanese else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(number, form)
    return f"{shown} 内線{found.extension}" if found.extension else shown


@lru_cache(maxsize=65_536)
def name_key(*, text: str) -> str:
    """A name without spaces and 様, kana as katakana, 異体字 as their common form."""
    if not text:
        return ""
    folded = _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return str(jaconv.hira2kata(folded)).translate(_VARIANTS).removesuffix("様")


@lru_cache(maxsize=65_536)
def kana_key(*, text: str) -> str:
    """A reading in katakana without spaces; ヴ and long marks stay as written."""
    if not text:
        return ""
    return str(jaconv.hira2kata(_SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()))


def postcode_key(*, text: str) -> str:
    """Seven digits; Hokkaido's and Aomori's leading zeros, eaten by Excel, are put back. Anything else is empty."""
    digits = "".join(filter(str.isdigit, unicodedata.normalize("NFKC", text)))
    if not 5 <= len(digits) <= 7:
        return ""
    return digits.zfill(7)
