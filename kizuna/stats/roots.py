"""A root between two signs, by few evaluations: intervals that have no closed form are found with it."""

from collections.abc import Callable


def root_between(*, f: Callable[[float], float], a: float, b: float, fa: float, fb: float, tolerance: float) -> float:
    """The root of ``f`` in [a, b], where ``fa`` and ``fb`` have opposite signs, to ``tolerance`` in its argument.

    Formula: Chandrupatla's bracketing method: inverse quadratic interpolation where it is safe, else bisection.
    Needs: ``f`` continuous on [a, b]; fa·fb ≤ 0. Fails when: the signs are equal (ValueError).
    Source: T. R. Chandrupatla, Advances in Engineering Software 28 (1997) 145-149.
    """
    if fa == 0.0 or fb == 0.0:
        return a if fa == 0.0 else b
    if (fa > 0.0) == (fb > 0.0):
        raise ValueError("no change of sign between the two ends")
    x1, f1, x2, f2 = b, fb, a, fa
    step = 0.5
    for _ in range(200):
        x = x1 + step * (x2 - x1)
        fx = f(x)
        if (fx > 0.0) == (f1 > 0.0):
            x3, f3 = x1, f1
        else:
            x3, f3, x2, f2 = x2, f2, x1, f1
        x1, f1 = x, fx
        width = abs(x2 - x1)
        if fx == 0.0 or width <= tolerance:
            break
        step = _next_step((x1, x2, x3), (f1, f2, f3))
        least = 0.5 * tolerance / width
        step = min(max(step, least), 1.0 - least)
    return x1 if abs(f1) < abs(f2) else x2


def _next_step(x: tuple[float, float, float], f: tuple[float, float, float]) -> float:
    """How far from the newest point towards the far end to look next: interpolated when that is safe, else half."""
    (x1, x2, x3), (f1, f2, f3) = x, f
    xi = (x1 - x2) / (x3 - x2)
    phi = (f1 - f2) / (f3 - f2)
    if phi * phi < xi and (1.0 - phi) * (1.0 - phi) < 1.0 - xi:
        return f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
    return 0.5
