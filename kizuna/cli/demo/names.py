"""Names, addresses and mail addresses of people who do not exist. Mail domains are reserved ones."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import jaconv
import yaml

_MAIL_HOUSES = ("mail.example.jp", "post.example.com", "keitai.example.jp", "home.example.net", "letter.example.jp")


@dataclass(frozen=True, slots=True)
class Name:
    """One name part as written and as read."""

    written: str
    kana: str
    latin: str


def _part(*, text: str) -> Name:
    """Split ``佐藤サトウ``: the reading is the katakana at the end (names themselves hold none)."""
    split = next(index for index, letter in enumerate(text) if "ァ" <= letter <= "ヶ")
    kana = text[split:]
    latin = jaconv.kana2alphabet(jaconv.kata2hira(kana)).replace("-", "").replace("'", "")
    return Name(text[:split], kana, latin)


@dataclass(frozen=True, slots=True)
class NameBook:
    """The names to draw from, and towns as (postcode, prefecture, city, town)."""

    family: tuple[Name, ...]
    women: tuple[Name, ...]
    men: tuple[Name, ...]
    homes: tuple[tuple[str, str, str, str], ...]


@cache
def book() -> NameBook:
    """``names.yaml``, read once and only by the command that needs it."""
    said = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
    return NameBook(
        family=tuple(_part(text=text) for text in said["family"].split()),
        women=tuple(_part(text=text) for text in said["women"].split()),
        men=tuple(_part(text=text) for text in said["men"].split()),
        homes=tuple(tuple(text.split(" ")) for text in said["homes"]),
    )


_NEAR = {"jiyugaoka": range(15), "kyoto": range(15, 25), "nagoya": range(25, 31)}


def home_near(*, place: str, dice: Random) -> tuple[str, str, str, str]:
    """Postcode, prefecture, city and street: near the shop for its customers, anywhere for the rest."""
    near = _NEAR.get(place)
    index = dice.choice(near) if near and dice.random() < 0.92 else dice.randrange(len(book().homes))
    postcode, prefecture, city, town = book().homes[index]
    street = f"{town}{dice.randint(1, 4)}-{dice.randint(1, 28)}-{dice.randint(1, 20)}"
    if dice.random() < 0.35:
        street += f" {dice.choice(('コーポ', 'メゾン', 'グリーンハイツ', 'パークサイド'))}{dice.randint(101, 909)}"
    return postcode, prefecture, city, street


def mail_of(*, family: Name, given: Name, number: int, dice: Random) -> str:
    """A mail address no two customers share."""
    shape = dice.randrange(4)
    local = (
        f"{given.latin}.{family.latin}{number}",
        f"{family.latin}_{given.latin[:1]}{number}",
        f"{given.latin}{number}",
        f"{family.latin}{given.latin}.{number}",
    )[shape]
    return f"{local}@{dice.choice(_MAIL_HOUSES)}"


def phone_of(*, dice: Random) -> str:
    """A mobile number as people write it."""
    return f"0{dice.choice('789')}0-{dice.randint(1000, 9999)}-{dice.randint(0, 9999):04d}"
