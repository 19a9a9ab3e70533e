"""The instruments: their scales, and which scores they accept."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kizuna.errors import Invalid
from kizuna.words import Words

OWN_PREFIX = "own:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An instrument with its end points. The standard six accept whole numbers only: 8.5 is no NPS answer."""

    instrument: str
    title: Words
    short: Words
    low: float
    high: float
    low_label: Words
    high_label: Words
    whole: bool = True
    note: Words | None = None

    def points(self) -> range:
        """The buttons of the answer page."""
        return range(int(self.low), int(self.high) + 1)


_AGREE = (Words(ja="まったくそう思わない", en="Strongly disagree"), Words(ja="とてもそう思う", en="Strongly agree"))
_SATISFIED = (Words(ja="とても不満", en="Very dissatisfied"), Words(ja="とても満足", en="Very satisfied"))
_RECOMMEND = (Words(ja="まったく勧めたくない", en="Not at all likely"), Words(ja="ぜひ勧めたい", en="Extremely likely"))

STANDARD: dict[str, Scale] = {
    scale.instrument: scale
    for scale in (
        Scale(
            instrument="nps",
            title=Words(ja="NPS（推奨度、0〜10）", en="NPS (0–10)"),
            short=Words(ja="NPS", en="NPS"),
            low=0,
            high=10,
            low_label=_RECOMMEND[0],
            high_label=_RECOMMEND[1],
        ),
        Scale(
            instrument="nps1to10",
            title=Words(ja="推奨度（1〜10、NPSとは別集計）", en="Likelihood to recommend (1–10, not NPS)"),
            short=Words(ja="推奨度 1〜10", en="1–10"),
            low=1,
            high=10,
            low_label=_RECOMMEND[0],
            high_label=_RECOMMEND[1],
            note=Words(
                ja="1〜10の尺度は0〜10のNPSと比べられないため、NPSには含めません。",
                en="A 1–10 scale cannot be compared with the 0–10 NPS, so it is never counted as NPS.",
            ),
        ),
        Scale(
            instrument="csat5",
            title=Words(ja="満足度（CSAT、1〜5）", en="Satisfaction (CSAT, 1–5)"),
            short=Words(ja="CSAT 5段階", en="CSAT 5"),
            low=1,
            high=5,
            low_label=_SATISFIED[0],
            high_label=_SATISFIED[1],
        ),
        Scale(
            instrument="csat7",
            title=Words(ja="満足度（CSAT、1〜7）", en="Satisfaction (CSAT, 1–7)"),
            short=Words(ja="CSAT 7段階", en="CSAT 7"),
            low=1,
            high=7,
            low_label=_SATISFIED[0],
            high_label=_SATISFIED[1],
        ),
        Scale(
            instrument="ces7",
            title=Words(ja="手間の少なさ（CES、1〜7）", en="Ease (CES 2.0, 1–7)"),
            short=Words(ja="CES 7段階", en="CES 7"),
            low=1,
            high=7,
            low_label=_AGREE[0],
            high_label=_AGREE[1],
        ),
        Scale(
            instrument="ces5",
            title=Words(ja="かかった手間（旧CES、1〜5、小さいほど良い）", en="Effort (CES 1.0, 1–5, low is good)"),
            short=Words(ja="旧CES 5段階", en="CES 1.0"),
            low=1,
            high=5,
            low_label=Words(ja="ほとんど手間がかからなかった", en="Very low effort"),
            high_label=Words(ja="とても手間がかかった", en="Very high effort"),
            note=Words(
                ja="旧CESは小さいほど良い尺度のため、7段階のCESとは混ぜません。",
                en="CES 1.0 counts effort, so low is good; it is never mixed with the 7-point CES.",
            ),
        ),
    )
}

USUAL_SCALES: tuple[tuple[int, int], ...] = ((1, 5), (1, 7), (0, 10), (0, 100))
"""What an unknown own instrument may turn out to be, narrowest first."""


BANDS: dict[str, dict[str, tuple[float, float]]] = {
    "high": {"nps": (9, 10), "nps1to10": (9, 10), "csat5": (4, 5), "csat7": (6, 7), "ces7": (5, 7), "ces5": (1, 2)},
    "middle": {"nps": (7, 8), "nps1to10": (7, 8), "csat5": (3, 3), "csat7": (4, 5), "ces7": (4, 4), "ces5": (3, 3)},
    "low": {"nps": (0, 6), "nps1to10": (1, 6), "csat5": (1, 2), "csat7": (1, 3), "ces7": (1, 3), "ces5": (4, 5)},
}
"""Good, middling and bad scores for finding answers to read; figures come from the metrics, never from here."""


class ScoreOutOfScale(Invalid):
    """The score is not a number the instrument has (11 on an NPS question)."""

    code = "score_out_of_scale"

    def __init__(self, *, instrument: str, score: float, low: float, high: float) -> None:
        self.instrument, self.score, self.low, self.high = instrument, score, low, high
        words = Words(
            ja="スコア {score} は {instrument} の尺度（{low}〜{high}）の外です。",
            en="Score {score} is outside the scale of {instrument} ({low}–{high}).",
        )
        super().__init__(words.fill(instrument=instrument, score=f"{score:g}", low=f"{low:g}", high=f"{high:g}"))


class ScoreNotWhole(Invalid):
    """A fraction on an instrument of whole numbers: an average was imported, or a column was mixed up."""

    code = "score_not_whole"

    def __init__(self, *, instrument: str, score: float, low: float, high: float) -> None:
        self.instrument, self.score, self.low, self.high = instrument, score, low, high
        words = Words(
            ja="スコア {score} は整数ではありません。{instrument} は {low}〜{high} の整数です。",
            en="Score {score} is not a whole number; {instrument} has the whole numbers {low}–{high}.",
        )
        super().__init__(words.fill(instrument=instrument, score=f"{score:g}", low=f"{low:g}", high=f"{high:g}"))


class InstrumentUnknown(Invalid):
    """The instrument is neither one of the six standard ones nor an own one."""

    code = "instrument_unknown"

    def __init__(self, *, instrument: str) -> None:
        self.instrument = instrument
        words = Words(
            ja=(
                "尺度「{instrument}」は使えません。"
                "nps, nps1to10, csat5, csat7, ces7, ces5, own:<名前> のどれかにしてください。"
            ),
            en="Instrument “{instrument}” is unknown. Use nps, nps1to10, csat5, csat7, ces7, ces5 or own:<name>.",
        )
        super().__init__(words.fill(instrument=instrument[:80]))


@lru_cache(maxsize=4096)
def instrument_slug(*, text: str) -> str:
    """The instrument's name as stored: standard names in any case, own names as written."""
    word = text.strip()
    lowered = word.lower()
    if lowered in STANDARD:
        return lowered
    if lowered.startswith(OWN_PREFIX) and word[len(OWN_PREFIX) :].strip():
        return OWN_PREFIX + word[len(OWN_PREFIX) :].strip()
    return word


def score_refusal(*, scale: Scale, score: float) -> Invalid | None:
    """Why the scale has no such score; None when it has. NaN and infinity are outside every scale."""
    if not (math.isfinite(score) and scale.low <= score <= scale.high):
        return ScoreOutOfScale(instrument=scale.instrument, score=score, low=scale.low, high=scale.high)
    if scale.whole and score != int(score):
        return ScoreNotWhole(instrument=scale.instrument, score=score, low=scale.low, high=scale.high)
    return None


def usual_scale(*, scores: Iterable[float]) -> tuple[int, int]:
    """The narrowest usual scale that holds every score; the widest one when none does."""
    finite = [score for score in scores if math.isfinite(score)]
    for low, high in USUAL_SCALES:
        if all(low <= score <= high for score in finite):
            return low, high
    return USUAL_SCALES[-1]


def band_of(*, instrument: str, score: float) -> str:
    """``high``, ``middle`` or ``low``; empty for an own instrument, whose good end nobody has told."""
    for band, ranges in BANDS.items():
        low, high = ranges.get(instrument, (1, 0))
        if low <= score <= high:
            return band
    return ""
