"""Japanese comments put together from ``phrases.yaml``, by what was asked about, score, goods and place."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Literal, cast

import yaml

Tone = Literal["pos", "mid", "neg"]
_WARE = ("急須・湯のみ", "台所道具")
_SWEET = ("和菓子", "ギフト")


@cache
def phrases() -> dict[str, dict[str, list[str]]]:
    """The phrases by touchpoint and tone."""
    text = (Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, list[str]]]", yaml.load(text, Loader=yaml.CSafeLoader))


def tone_of_nps(*, score: int, dice: Random) -> Tone:
    """Promoters praise, passives weigh, detractors complain; a 5 or 6 is often polite about it."""
    if score >= 9:
        return "pos"
    if score >= 7:
        return "mid" if dice.random() < 0.7 else "pos"
    return "mid" if score >= 5 and dice.random() < 0.5 else "neg"


def subject_of(*, touchpoint: str, category: str) -> str:
    """Which group of phrases speaks about this: goods are tea, ware or sweets."""
    if touchpoint != "product":
        return touchpoint if touchpoint in phrases() else "repeat"
    if category in _WARE:
        return "product_ware"
    return "product_sweet" if category in _SWEET else "product_tea"


def compose(*, subject: str, tone: Tone, special: str, values: dict[str, str], dice: Random) -> str:
    """One comment: an opening, one or two sentences to the point, a closing; ``special`` names an own complaint."""
    group = phrases()[subject]
    pool = group[special] if special and tone != "pos" and dice.random() < 0.72 else group[tone]
    said = [dice.choice(pool)]
    if dice.random() < 0.28:
        more = dice.choice(group[tone])
        if more not in said:
            said.append(more)
    opener = dice.choice(phrases()["openers"][tone]) if dice.random() < 0.6 else ""
    closer = dice.choice(phrases()["closers"][tone]) if dice.random() < 0.6 else ""
    text = opener + "".join(said) + closer
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return _in_own_manner(text=text, dice=dice)


def _in_own_manner(*, text: str, dice: Random) -> str:
    """People type differently: some without the last full stop, some with line breaks."""
    manner = dice.random()
    if manner < 0.22:
        return text.rstrip("。")
    if manner < 0.30:
        return text.replace("。", "。\n").strip()
    return text


def title(*, tone: Tone, dice: Random) -> str:
    """A review's title."""
    return dice.choice(phrases()["titles"][tone])


def google(*, tone: Tone, special: bool, store: str, dice: Random) -> str:
    """A comment on a map site; ``special`` is the fallen store in its bad months."""
    pool = phrases()["store"]["fallen"] if special and tone == "neg" else phrases()["google"][tone]
    text = dice.choice(pool).replace("{store}", store).replace("{product}", "商品")
    return _in_own_manner(text=text, dice=dice)


def note(*, kind: str, dice: Random) -> str:
    """A note that staff in a shop took."""
    return dice.choice(phrases()["notes"][kind])
