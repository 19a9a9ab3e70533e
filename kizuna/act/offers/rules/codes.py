"""Coupon codes: how they are drawn, checked and read back from people's typing.

A code is the offer's prefix, eleven random signs (55 bits) and a check sign, over the 32 signs of ``ALPHABET``: digits
and capitals without I, L, O and U, which are mistaken for 1, 1, 0 and V.

The check sign is Damm's scheme over the field of 32 elements: ``c ← α·c + sign`` for each sign, where α is a primitive
element (x⁵ + x² + 1), and a code is right when it ends at 0. Every single wrong sign changes the sum by αᵏ·d ≠ 0 and
every swap of neighbours by αᵏ·(1 + α)·d ≠ 0, so both are always found; so are twin errors (aa → bb) and swaps of signs
up to 30 places apart.
"""

import re
import secrets
import unicodedata

from kizuna.errors import Invalid
from kizuna.words import Words

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_SIGNS = 11
CODE_LIMIT = 40
PREFIX_LIMIT = 8
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("ILOU", "110V")
# Whatever a keyboard or a Japanese input method puts where a hyphen was printed, and blanks of every kind.
_JOINTS = re.compile(r"[\s\-‐‑‒–—―−ーｰ_・･./:]+")
_PLAIN = re.compile(r"[0-9A-Z]{4,40}")


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


class BadPrefix(Invalid):
    """The prefix holds signs that codes do not have."""

    code = "bad_code_prefix"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="コードの先頭には、I・L・O・Uを除く英数字を1〜8文字で指定してください。",
                en="A code's prefix is one to eight letters and digits without I, L, O and U.",
            )
        )


class CodeMistyped(Invalid):
    """The check sign does not fit: somebody misread or mistyped."""

    code = "code_mistyped"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="コードに読み違いか打ち間違いがあります。1文字ずつお確かめください。",
                en="The code was misread or mistyped. Please check it sign by sign.",
            )
        )


def check_sign(*, signs: str) -> str:
    """The sign that makes ``signs`` right when put behind them."""
    # c·α + x = 0 in a field of characteristic 2 means x = α·c.
    return ALPHABET[_times_alpha(_sum(signs=signs))]


def is_right(*, code: str) -> bool:
    """Whether the check sign fits; False for signs outside the alphabet."""
    return len(code) > 1 and all(sign in _VALUE for sign in code) and _sum(signs=code) == 0


def _sum(*, signs: str) -> int:
    total = 0
    for sign in signs:
        total = _times_alpha(total) ^ _VALUE[sign]
    return total


def new_code(*, prefix: str) -> str:
    """A fresh code from the operating system's random source."""
    bits = secrets.randbits(5 * RANDOM_SIGNS)
    signs = "".join(ALPHABET[(bits >> 5 * place) & 31] for place in range(RANDOM_SIGNS))
    return prefix + signs + check_sign(signs=prefix + signs)


def prefix_of(*, text: str) -> str:
    """A prefix as codes carry it. Raises ``BadPrefix``."""
    prefix = plain(text=text)
    if not 0 < len(prefix) <= PREFIX_LIMIT or any(sign not in _VALUE for sign in prefix):
        raise BadPrefix
    return prefix


def plain(*, text: str) -> str:
    """What was typed, in narrow capitals without joints; nothing is guessed about look-alikes yet."""
    return _JOINTS.sub("", unicodedata.normalize("NFKC", text)).upper()


def readings(*, text: str) -> tuple[str, ...]:
    """The codes that may have been meant: as typed first (pool codes have their own signs), then look-alikes."""
    typed = plain(text=text)[: CODE_LIMIT + 1]
    return tuple(dict.fromkeys((typed, typed.translate(_LOOK_ALIKES))))


def is_pool_code(*, code: str) -> bool:
    """Whether a foreign code can be kept: 4 to 40 narrow letters and digits once its joints are gone."""
    return bool(_PLAIN.fullmatch(code))


def spaced(*, code: str, prefix: str) -> str:
    """A generated code as it is printed: ``BD-7K3M-9QXT-2AFC``; a foreign code as it is."""
    rest = code.removeprefix(prefix)
    if len(rest) != RANDOM_SIGNS + 1 or not code.startswith(prefix):
        return code
    return "-".join([prefix, rest[:4], rest[4:8], rest[8:]])
