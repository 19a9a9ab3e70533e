"""What must always hold of practices (J1 to J7) and offers (L11), asked of the records on demand."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kizuna.act.offers import queries as offers
from kizuna.act.practices import queries as practices
from kizuna.web.models import Checkup
from kizuna.words import Words

EXAMPLES = 5
PROMISES: Mapping[str, Words] = {
    "J1": Words(ja="1つのステップで配信されるのは1通まで", en="One message at most for each step"),
    "J2": Words(ja="どのお客様も、どこにいるかがわかる", en="Everybody stands somewhere, and it is known where"),
    "J3": Words(ja="配信停止のあとには何も送らない", en="Nothing is sent after a refusal"),
    "J4": Words(
        ja="配信しない時間帯・回数の上限・比較用のお客様を守る", en="Quiet hours, the cap and the hold-out are kept"
    ),
    "J5": Words(ja="割付は何度計算しても同じ", en="The lot is the same however often it is drawn"),
    "J6": Words(ja="割り付けられた方は必ず始まる", en="Who was assigned to be served is served"),
    "J7": Words(ja="やり直しても同じ結果になる", en="Replaying gives what is on record"),
    "L11": Words(
        ja="クーポンと予算は上限を超えず、二重に数えない",
        en="No coupon or budget is exceeded, and nothing is counted twice",
    ),
}
"""Each rule as the promise it makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promise with what the last check says of it."""

    rule: str
    promise: Words
    holds: bool
    words: Words
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The last check."""

    checked_at: datetime
    took_seconds: float
    lines: tuple[Line, ...]

    @property
    def broken(self) -> int:
        """How many promises do not hold."""
        return sum(not line.holds for line in self.lines)


def check(*, now: datetime, real_now: datetime) -> None:
    """Ask every rule and keep the answer in place of the last. ``now`` is the time practices go by."""
    begun = time.monotonic()
    found = [
        *(
            {"rule": one.rule, "ja": one.words.ja, "en": one.words.en, "count": one.count, "examples": one.examples}
            for one in practices.check_invariants(now=now)
        ),
        *_of_offers(),
    ]
    took = round(time.monotonic() - begun, 1)
    Checkup.objects.update_or_create(pk=1, defaults={"checked_at": real_now, "took_seconds": took, "found": found})


def last_check() -> Result | None:
    """What the last check found; None before the first."""
    row = Checkup.objects.filter(pk=1).first()
    if row is None:
        return None
    broken = {one["rule"]: one for one in row.found}
    return Result(
        checked_at=row.checked_at,
        took_seconds=row.took_seconds,
        lines=tuple(_line(rule=rule, promise=promise, told=broken.get(rule)) for rule, promise in PROMISES.items()),
    )


def _of_offers() -> Iterator[dict[str, object]]:
    wrong = offers.check_invariants()
    if wrong:
        words = Words(ja="クーポンの記録に食い違いがあります。", en="The coupons' records contradict each other.")
        yield {"rule": "L11", "ja": words.ja, "en": words.en, "count": len(wrong), "examples": wrong[:EXAMPLES]}


def _line(*, rule: str, promise: Words, told: Mapping[str, object] | None) -> Line:
    if told is None:
        return Line(rule=rule, promise=promise, holds=True, words=Words(ja="", en=""), count=0, examples=())
    examples = told["examples"]
    return Line(
        rule=rule,
        promise=promise,
        holds=False,
        words=Words(ja=str(told["ja"]), en=str(told["en"])),
        count=int(str(told["count"])),
        examples=tuple(str(one) for one in examples) if isinstance(examples, list | tuple) else (),
    )
