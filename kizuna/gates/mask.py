"""The only way personal data is shown to someone who may not see it in full: masked, but recognisable.

Used by API answers, exports, logs and search. A mask never tells the length of what it hides.
"""

import re

_HIDDEN = "***"
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
# Japanese numbers as people write them: domestic or +81, half- or full-width, with or without separators.
_PHONE = re.compile(r"(?<![0-9０-９])(?:[+＋](?:81|８１)|[0０])(?:[-－−ー‐ .()（）]*[0-9０-９]){8,10}(?![0-9０-９])")
_CARD = re.compile(r"(?<![0-9])(?:[0-9][ -]?){13,18}[0-9](?![0-9])")


def mask_mail(*, mail: str) -> str:
    """``hanako@example.jp`` → ``h***@example.jp``; what is no address is hidden whole."""
    local, at, domain = mail.strip().rpartition("@")
    if not at or not local or not domain:
        return _HIDDEN if mail.strip() else ""
    return f"{local[0]}{_HIDDEN}@{domain}"


def mask_phone(*, phone: str) -> str:
    """``090-1234-5678`` → ``***5678``; fewer than eight digits are hidden whole."""
    digits = re.sub(r"[^0-9]", "", phone.translate(_HALF_WIDTH))
    if len(digits) < 8:
        return _HIDDEN if phone.strip() else ""
    return f"{_HIDDEN}{digits[-4:]}"


def mask_text(*, text: str) -> str:
    """Free text with mail addresses, phone numbers and card numbers masked; all other words stay."""
    text = _MAIL.sub(lambda found: mask_mail(mail=found.group()), text)
    text = _CARD.sub(_HIDDEN, text)
    return _PHONE.sub(lambda found: mask_phone(phone=found.group()), text)


_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
