"""Pure decisions about the journey: which touchpoint is the example, and what closing the gap to it adds up to."""

from collections.abc import Mapping, Sequence
from typing import Literal

from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.words import Words

LEAST_FOR_COLOUR = 10
"""A cell with fewer answers is hatched: its interval spans most of the scale, so a colour would mislead."""
LEAST_FOR_REFERENCE = 30
"""A touchpoint with fewer answers is nobody's example: the best of many small ones is best by luck."""

Reference = Literal["best", "median"]

ROOM_NOTE = Words(
    ja="この順位は計算です。「もしこの接点が基準の接点と同じ点数になったら、全社の点数は何ポイント上がるか」を、"
    "回答の割合 × 点差で求めています。何かをすれば実際にそうなるという効果の見込みではありません。",
    en="This ranking is arithmetic: by how much the company's score would rise if this touchpoint scored like the "
    "reference one, which is its share of answers × the gap. It does not say that any action would have that effect.",
)


def is_hatched(*, result: Estimate | NotEnough) -> bool:
    """Whether a cell of the heat map carries no colour."""
    return isinstance(result, NotEnough) or result.n < LEAST_FOR_COLOUR


def reference_of(*, values: Mapping[str, tuple[float, int]], reference: Reference, up: bool = True) -> str | None:
    """The touchpoint the others are held against, from its value and number of answers; None when none has enough.

    «median» is the middle one by value, the better of the two middle ones when their number is even.
    """
    enough = [name for name, (_, n) in values.items() if n >= LEAST_FOR_REFERENCE]
    if not enough:
        return None
    ranked: Sequence[str] = sorted(enough, key=lambda name: (values[name][0], name), reverse=up)
    return ranked[0] if reference == "best" else ranked[(len(ranked) - 1) // 2]


def gain_of(*, gap: Difference, answer_share: float) -> tuple[float, float, float]:
    """What the company's score gains, with its interval, when the gap closes: the share of answers × the gap."""
    return answer_share * gap.value, answer_share * gap.low, answer_share * gap.high
