"""Who gets what by lot: a pure function of a salt and a person, so it can be asked again and checked by anybody.

Formula: u = first 64 bits of BLAKE2b(salt ‖ ":" ‖ purpose ‖ ":" ‖ unit) / 2⁶⁴, uniform on [0, 1).
Source: R. Kohavi, D. Tang & Y. Xu, Trustworthy Online Controlled Experiments (2020), ch. 14 (hash-based assignment,
with a salt for each experiment so that two experiments are independent).
"""

from collections.abc import Sequence
from hashlib import blake2b

_WHOLE = 2.0**64


def lot(*, salt: str, purpose: str, unit: int) -> float:
    """The number in [0, 1) that this unit draws for this purpose under this salt, today and for ever."""
    digest = blake2b(f"{salt}:{purpose}:{unit}".encode(), digest_size=8).digest()
    # The lowest bits are dropped, since 2⁶⁴ - 1 over 2⁶⁴ would round up to 1.
    return (int.from_bytes(digest, "big") >> 11 << 11) / _WHOLE


def is_held_out(*, salt: str, unit: int, share: float) -> bool:
    """Whether the unit belongs to the comparison group. Raising the share only ever adds units to it."""
    return lot(salt=salt, purpose="hold-out", unit=unit) < share


def arm_of(*, salt: str, unit: int, arms: Sequence[tuple[str, float]]) -> str:
    """The arm a treated unit gets: ``arms`` are names with weights, in a fixed order.

    The hold-out is drawn apart from the arms, so that changing one never moves anybody in the other.
    Raises: ValueError without a positive weight.
    """
    total = sum(weight for _, weight in arms)
    if total <= 0.0 or min(weight for _, weight in arms) < 0.0:
        raise ValueError("arms need weights of zero or more, and one above zero")
    at, reached = lot(salt=salt, purpose="arm", unit=unit) * total, 0.0
    for name, weight in arms:
        reached += weight
        if at < reached:
            return name
    return next(name for name, weight in reversed(arms) if weight > 0.0)
