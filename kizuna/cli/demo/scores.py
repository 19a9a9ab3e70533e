"""Scores drawn so that a planted NPS or share comes out exactly on average, crowded in the middle as in Japan."""

from random import Random

_Scores = tuple[tuple[int, ...], tuple[float, ...]]
_PASSIVE_SHARE = 0.40
_PROMOTER: _Scores = ((9, 10), (0.46, 0.54))
_PASSIVE: _Scores = ((7, 8), (0.54, 0.46))
_DETRACTOR: _Scores = ((0, 1, 2, 3, 4, 5, 6), (0.03, 0.02, 0.04, 0.09, 0.12, 0.35, 0.35))
_TOP_TWO: _Scores = ((4, 5), (0.64, 0.36))
_CSAT_REST: _Scores = ((1, 2, 3), (0.12, 0.23, 0.65))
_EASY: _Scores = ((5, 6, 7), (0.40, 0.40, 0.20))
_CES_REST: _Scores = ((1, 2, 3, 4), (0.06, 0.12, 0.27, 0.55))


def nps_score(*, nps: float, dice: Random) -> int:
    """A 0–10 score from a population whose NPS / 100 is ``nps``; near the ends the passives give way."""
    nps = min(max(nps, -1.0), 1.0)
    passives = min(_PASSIVE_SHARE, 1 - abs(nps))
    promoters = (1 - passives + nps) / 2
    throw = dice.random()
    if throw < promoters:
        return _pick(_PROMOTER, dice)
    return _pick(_PASSIVE if throw < promoters + passives else _DETRACTOR, dice)


def csat_score(*, share: float, dice: Random) -> int:
    """A 1–5 score from a population of which ``share`` answers 4 or 5."""
    return _pick(_TOP_TWO if dice.random() < share else _CSAT_REST, dice)


def ces_score(*, share: float, dice: Random) -> int:
    """A 1–7 score from a population of which ``share`` answers 5 or more."""
    return _pick(_EASY if dice.random() < share else _CES_REST, dice)


def _pick(scores: _Scores, dice: Random) -> int:
    return dice.choices(scores[0], weights=scores[1])[0]
