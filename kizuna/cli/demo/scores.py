"""Scores drawn so that a planted NPS or share comes out exactly on average, crowded in the middle as in Japan.

``luck`` is a throw in [0, 1): the lower, the better the experience. Answers that share most of their luck agree
with each other, as those of one person on one occasion do, and each keeps its planted average.
"""

_PASSIVE_SHARE = 0.40
_Scores = tuple[tuple[int, float], ...]
# Within each class, best first, with the chance of each score.
_PROMOTER: _Scores = ((10, 0.54), (9, 0.46))
_PASSIVE: _Scores = ((8, 0.46), (7, 0.54))
_DETRACTOR: _Scores = ((6, 0.35), (5, 0.35), (4, 0.12), (3, 0.09), (2, 0.04), (1, 0.02), (0, 0.03))
_TOP_TWO: _Scores = ((5, 0.36), (4, 0.64))
_CSAT_REST: _Scores = ((3, 0.65), (2, 0.23), (1, 0.12))
_EASY: _Scores = ((7, 0.20), (6, 0.40), (5, 0.40))
_CES_REST: _Scores = ((4, 0.55), (3, 0.27), (2, 0.12), (1, 0.06))


def nps_score(*, nps: float, luck: float) -> int:
    """A 0–10 score from a population whose NPS / 100 is ``nps``; near the ends the passives give way."""
    nps = min(max(nps, -1.0), 1.0)
    passives = min(_PASSIVE_SHARE, 1 - abs(nps))
    promoters = (1 - passives + nps) / 2
    if luck < promoters:
        return _at(_PROMOTER, luck / promoters)
    if luck < promoters + passives:
        return _at(_PASSIVE, (luck - promoters) / passives)
    return _at(_DETRACTOR, (luck - promoters - passives) / (1 - promoters - passives))


def csat_score(*, share: float, luck: float) -> int:
    """A 1–5 score from a population of which ``share`` answers 4 or 5."""
    return _at(_TOP_TWO, luck / share) if luck < share else _at(_CSAT_REST, (luck - share) / (1 - share))


def ces_score(*, share: float, luck: float) -> int:
    """A 1–7 score from a population of which ``share`` answers 5 or more."""
    return _at(_EASY, luck / share) if luck < share else _at(_CES_REST, (luck - share) / (1 - share))


def _at(scores: _Scores, place: float) -> int:
    """The score at that place (0 … 1) of a class, best first."""
    for score, chance in scores:
        if place < chance:
            return score
        place -= chance
    return scores[-1][0]
