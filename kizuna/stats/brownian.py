"""The bounds that a repeatedly tested z must cross, by integrating a Brownian path look by look.

``numpy`` is loaded here, on the first call: one of the two lazy doors of ``stats`` (the other: ``distributions``).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kizuna.stats.distributions import two_sided_p, z_of
from kizuna.stats.roots import root_between

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NEVER = 8.0  # a z that no look reaches by chance (p = 1e-15), as in the Lan-DeMets programs


def obf_spent(*, fraction: float, alpha: float) -> float:
    """How much of α may be spent, two-sided, when ``fraction`` of the information is in.

    Formula: 2·α₁(t), α₁(t) = 2 - 2Φ(z_{α/4}/√t): each side spends its α/2 as an O'Brien-Fleming bound would.
    Unit: probability. Range: 0…α. Needs: 0 < t ≤ 1. Fails when: the fraction is not of the planned end.
    Source: Lan & DeMets, Biometrika 70 (1983) 659-663.
    """
    return min(alpha, 2.0 * two_sided_p(z=z_of(level=1.0 - alpha / 2.0) / math.sqrt(fraction)))


@lru_cache(maxsize=512)
def bounds_of(*, fractions: tuple[float, ...], spent: tuple[float, ...]) -> tuple[float, ...]:
    """The z at each look so that |z| has crossed by look k with probability ``spent[k]`` when nothing is going on.

    Formula: g₁ = φ(·; t₁); g_k(b) = ∫ g_{k-1}(u)·φ(b - u; t_k - t_{k-1})du inside the bounds, by Gauss-Legendre;
        c_k solves P(|B(t_k)| ≥ c_k√t_k, not crossed before) = spent[k] - spent[k-1].
    Unit: z. Range: 0…8 (above, a look cannot cross). Needs: fractions that rise. Fails when: looks are so close
        that the path hardly moves between them (less than a hundred-thousandth of the information).
    Source: Armitage, McPherson & Rowe, JRSS A 132 (1969) 235-244; Jennison & Turnbull, Group Sequential Methods
        (2000), ch. 19.
    """
    import numpy as np  # noqa: PLC0415 - the lazy door, see the module's docstring

    found: list[float] = []
    path = _Path(points=np.zeros(1), density=np.ones(1))
    nodes, weights = _legendre(_points_needed(fractions))
    at, used = 0.0, 0.0
    for fraction, allowed in zip(fractions, spent, strict=True):
        step, root = math.sqrt(fraction - at), math.sqrt(fraction)
        bound = _crossed_with(path, step=step, root=root, chance=allowed - used)
        used += path.crossing(bound * root, step=step)
        path = path.moved(bound * root * nodes, weights=bound * root * weights, step=step)
        found.append(bound)
        at = fraction
    return tuple(found)


def crossed_in_the_end(*, fractions: tuple[float, ...], bounds: tuple[float, ...], drift: float) -> float:
    """The chance that |z| reaches its bound at one of the looks when z is ``drift`` on average at the end (power).

    Formula: as ``bounds_of``, with B(t) pulled by drift·t. Unit: probability. Needs: as many bounds as fractions.
    Source: Jennison & Turnbull (2000), ch. 19.
    """
    import numpy as np  # noqa: PLC0415

    path = _Path(points=np.zeros(1), density=np.ones(1))
    nodes, weights = _legendre(_points_needed(fractions))
    at, crossed = 0.0, 0.0
    for fraction, bound in zip(fractions, bounds, strict=True):
        step, pull, edge = math.sqrt(fraction - at), drift * (fraction - at), bound * math.sqrt(fraction)
        crossed += path.crossing(edge, step=step, pull=pull)
        path = path.moved(edge * nodes, weights=edge * weights, step=step, pull=pull)
        at = fraction
    return crossed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """Where the path may be among those that have not crossed yet: points, and the chance (weight included) at each."""

    points: "Floats"
    density: "Floats"

    def crossing(self, edge: float, *, step: float, pull: float = 0.0) -> float:
        """The chance to be beyond ± ``edge`` after one more step, which is pulled upwards by ``pull``."""
        from scipy.special import ndtr  # noqa: PLC0415

        pulled = self.points + pull
        return float(self.density @ (ndtr((-edge - pulled) / step) + ndtr((pulled - edge) / step)))

    def moved(self, points: "Floats", *, weights: "Floats", step: float, pull: float = 0.0) -> "_Path":
        """The same path one step on, seen at new points."""
        import numpy as np  # noqa: PLC0415

        kernel = np.exp(-0.5 * ((points[:, None] - pull - self.points[None, :]) / step) ** 2)
        density = weights * (kernel @ self.density) / (step * math.sqrt(2.0 * math.pi))
        return _Path(points=points, density=density)


def _crossed_with(path: _Path, *, step: float, root: float, chance: float) -> float:
    """The z whose bound is crossed next with ``chance``, sought on the log scale, where it is nearly a parabola."""
    if chance <= path.crossing(_NEVER * root, step=step):
        return _NEVER

    def beyond(z: float) -> float:
        return math.log(max(path.crossing(z * root, step=step), 1e-300) / chance)

    return root_between(f=beyond, a=0.0, b=_NEVER, fa=beyond(0.0), fb=beyond(_NEVER), tolerance=1e-11)


def _points_needed(fractions: Sequence[float]) -> int:
    """Enough points that the narrowest step of the path is seen by several of them."""
    narrowest = min(b - a for a, b in zip((0.0, *fractions), fractions, strict=False))
    return min(1600, 32 * math.ceil((64.0 + 16.0 / math.sqrt(narrowest)) / 32.0))


@lru_cache(maxsize=8)
def _legendre(size: int) -> "tuple[Floats, Floats]":
    import numpy as np  # noqa: PLC0415

    nodes, weights = np.polynomial.legendre.leggauss(size)
    return nodes, weights
