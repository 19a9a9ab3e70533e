"""Many tests at once: p values adjusted so that a page with hundreds of arrows does not colour chance.

Both return the adjusted values in the order given; compare them with the level (0.05) as usual.
"""

from collections.abc import Sequence


def benjamini_hochberg(*, p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p values that control the false discovery rate: of what is coloured, at most that share is chance.

    Formula: p̃₍ᵢ₎ = min over j ≥ i of min(1, p₍ⱼ₎·m/j), sorted upwards.
    Unit: probability. Range: p…1. Needs: independent or positively dependent tests; an empty list gives an empty one.
    Fails when: only the interesting p values are passed instead of all that were looked at.
    Source: Benjamini & Hochberg, JRSS B 57 (1995) 289-300.
    """
    order = _ascending(p_values)
    m = len(order)
    adjusted = [1.0] * m
    running = 1.0
    for rank in range(m, 0, -1):
        index = order[rank - 1]
        running = min(running, p_values[index] * m / rank)
        adjusted[index] = running
    return tuple(adjusted)


def holm(*, p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p values that control the family-wise error: the chance of even one false claim.

    Formula: p̃₍ᵢ₎ = max over j ≤ i of min(1, (m - j + 1)·p₍ⱼ₎), sorted upwards.
    Unit: probability. Range: p…1. Needs: nothing about dependence.
    Fails when: hundreds of tests are passed; it then finds next to nothing: use Benjamini-Hochberg.
    Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    order = _ascending(p_values)
    m = len(order)
    adjusted = [1.0] * m
    running = 0.0
    for position, index in enumerate(order):
        running = max(running, min(1.0, (m - position) * p_values[index]))
        adjusted[index] = running
    return tuple(adjusted)


def _ascending(p_values: Sequence[float]) -> list[int]:
    if any(not 0.0 <= p <= 1.0 for p in p_values):
        raise ValueError("a p value lies between 0 and 1; leave out what could not be tested")
    return sorted(range(len(p_values)), key=lambda index: p_values[index])
