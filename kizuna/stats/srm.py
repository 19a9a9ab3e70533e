"""Did the arms come out in the shares they were drawn with (sample ratio mismatch), and did all answer alike?

An alert stops the verdict: whatever lost people from one arm may have lost those for whom the practice did not work.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from kizuna.stats.distributions import chi_square_above
from kizuna.stats.estimate import NotEnough

_ALERT = 0.001  # at 5 % every twentieth healthy trial would be stopped
_FEWEST_EXPECTED = 5.0  # below, χ² is not yet χ² (Cochran 1954); the exact test is used


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRatio:
    """The distance of the counts from what the shares promise; ``alert`` when p < 0.001."""

    chi2: float
    df: int
    p: float
    alert: bool
    method: Literal["chi2", "exact"]


def sample_ratio(*, counts: Sequence[int], shares: Sequence[float]) -> SampleRatio | NotEnough:
    """Whether people fell to the arms in the shares that were set.

    Formula: χ² = Σ(n_k - N·s_k)²/(N·s_k) with k - 1 degrees; where an expected count is below 5, the exact binomial
        test (all outcomes no likelier than the one seen), for several arms the smallest of them times their number.
    Unit: p. Range: 0…1. Needs: one person; shares above 0 (they are scaled to add to 1).
    Fails when: counts are of visits or messages and not of the persons that were drawn.
    Source: Fabijan et al., KDD 2019 (sample ratio mismatch); Cochran, Biometrics 10 (1954) 417-451.
    """
    if len(counts) != len(shares) or len(counts) < 2:
        raise ValueError("two or more arms, and a share for each, are needed")
    if min(counts) < 0 or not min(shares) > 0.0:
        raise ValueError("counts cannot be negative, and every arm has a share above 0")
    total, weight = sum(counts), math.fsum(shares)
    if total == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    parts = [share / weight for share in shares]
    chi2 = sum((count - total * part) ** 2 / (total * part) for count, part in zip(counts, parts, strict=True))
    df = len(counts) - 1
    if total * min(parts) >= _FEWEST_EXPECTED:
        return _verdict(chi2=chi2, df=df, p=chi_square_above(value=chi2, degrees=df), method="chi2")
    exact = [binomial_two_sided_p(k=count, n=total, share=part) for count, part in zip(counts, parts, strict=True)]
    p = exact[0] if df == 1 else min(1.0, len(exact) * min(exact))
    return _verdict(chi2=chi2, df=df, p=p, method="exact")


def response_by_arm(*, answered: Sequence[int], asked: Sequence[int]) -> SampleRatio | NotEnough:
    """Whether the arms answered their survey at the same rate; if not, the answers are of different kinds of people.

    Formula: χ² of homogeneity of answered and not answered by arm, k - 1 degrees; where an expected count is below 5,
        Fisher's exact test of each arm against the others (for several arms the smallest p times their number).
    Unit: p. Range: 0…1. Needs: somebody asked in every arm, and some but not all of them answered.
    Fails when: a person asked twice is counted twice. Source: Pearson 1900; R. A. Fisher, JRSS 98 (1935) 39-82.
    """
    if len(answered) != len(asked) or len(asked) < 2:
        raise ValueError("two or more arms, asked and answered, are needed")
    if any(not 0 <= replies <= people for replies, people in zip(answered, asked, strict=True)):
        raise ValueError("no arm can answer more often than it was asked")
    if min(asked) == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    total, replies = sum(asked), sum(answered)
    if replies in (0, total):
        return NotEnough(reason="no_variation", have=total, need=total + 1)
    rate = replies / total
    chi2 = sum((r - n * rate) ** 2 / (n * rate * (1.0 - rate)) for r, n in zip(answered, asked, strict=True))
    df = len(asked) - 1
    if min(asked) * min(rate, 1.0 - rate) >= _FEWEST_EXPECTED:
        return _verdict(chi2=chi2, df=df, p=chi_square_above(value=chi2, degrees=df), method="chi2")
    exact = [
        _hypergeometric_two_sided_p(k=r, drawn=n, marked=replies, total=total)
        for r, n in zip(answered, asked, strict=True)
    ]
    p = exact[0] if df == 1 else min(1.0, len(exact) * min(exact))
    return _verdict(chi2=chi2, df=df, p=p, method="exact")


def binomial_two_sided_p(*, k: int, n: int, share: float) -> float:
    """The chance of all outcomes no likelier than ``k`` for Binomial(n, share), as R's ``binom.test``."""
    if share in (0.0, 1.0):
        return 1.0 if k == round(n * share) else 0.0
    yes, no = math.log(share), math.log1p(-share)
    return _no_likelier(k, 0, n, lambda i: _log_choose(n, i) + i * yes + (n - i) * no)


def _hypergeometric_two_sided_p(*, k: int, drawn: int, marked: int, total: int) -> float:
    everything = _log_choose(total, drawn)
    low, high = max(0, drawn + marked - total), min(drawn, marked)
    return _no_likelier(
        k, low, high, lambda i: _log_choose(marked, i) + _log_choose(total - marked, drawn - i) - everything
    )


def _no_likelier(k: int, low: int, high: int, log_chance: Callable[[int], float]) -> float:
    limit = log_chance(k) + 1e-7  # R's relative tolerance, so that mirror images count as equally likely
    chances = (log_chance(i) for i in range(low, high + 1))
    return min(1.0, math.fsum(math.exp(chance) for chance in chances if chance <= limit))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _verdict(*, chi2: float, df: int, p: float, method: Literal["chi2", "exact"]) -> SampleRatio:
    return SampleRatio(chi2=chi2, df=df, p=p, alert=p < _ALERT, method=method)
