"""Whether the coupons of a flow can still be given: to anybody, and to as many as it reaches."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil

from kizuna.act.offers.queries import offers, rooms
from kizuna.act.offers.rules.room import Room, remedy
from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import Coupon, Flow, reached
from kizuna.words import Words, in_number


def nothing_to_give(*, flow: Flow, now: datetime) -> tuple[Problem, ...]:
    """Every step whose offer gives no coupon at this moment: not published, stopped, over or used up."""
    found = _rooms(flow=flow, now=now)
    titles = _titles() if any(room.why_not() for room in found.values()) else {}
    return tuple(
        Problem(node=name, words=_NONE.fill(title=titles[node.offer], why=remedy(why=why)))
        for name, node in flow.nodes.items()
        if isinstance(node, Coupon) and node.offer in found and (why := found[node.offer].why_not())
    )


def too_few_to_give(*, flow: Flow, moments: int, days: int, now: datetime) -> tuple[Words, ...]:
    """Each offer that has coupons left, but fewer than ``moments`` in so many days would take at most."""
    short = dict(_short(flow=flow, moments=moments, found=_rooms(flow=flow, now=now)))
    titles = _titles() if short else {}
    return tuple(
        in_number(count=left, ja=_FEW.ja, one=_FEW_ONE, many=_FEW.en).fill(
            left=f"{left:,}", needed=f"{needed:,}", days=days, title=titles[name]
        )
        for name, (left, needed) in short.items()
    )


def _short(*, flow: Flow, moments: int, found: Mapping[str, Room]) -> Iterator[tuple[str, tuple[int, int]]]:
    whole = sum(arm.weight for arm in flow.arms) or 1.0
    for name, room in found.items():
        steps = {node for node, step in flow.nodes.items() if isinstance(step, Coupon) and step.offer == name}
        share = sum(arm.weight for arm in flow.arms if steps & reached(flow=flow, starts=[arm.first], without=()))
        needed = ceil(moments * (1.0 - flow.holdout_share) * share / whole)
        if room.left is not None and 0 < room.left < needed:
            yield name, (room.left, needed)


def _rooms(*, flow: Flow, now: datetime) -> dict[str, Room]:
    named = {node.offer for node in flow.nodes.values() if isinstance(node, Coupon)}
    return rooms(names=named, now=now) if named else {}


def _titles() -> dict[str, Words]:
    return {card.name: card.title for card in offers()}


_NONE = Words(ja="クーポン「{title}」をお渡しできません。{why}", en="Coupon “{title}” cannot be given. {why}")
_FEW = Words(
    ja="クーポン「{title}」は、お渡しできる残りが{left}枚です。直近{days}日間と同じなら最大{needed}枚が必要です。"
    "足りなくなると、お渡しできないお客様はそこで終了します。上限・予算・コードを増やすことをご検討ください。",
    en="Only {left} of coupon “{title}” are left to give; as in the last {days} days it would take up to {needed}. "
    "Whoever comes too late gets none and leaves. Consider a higher limit or budget, or more codes.",
)
_FEW_ONE = (
    "Only {left} of coupon “{title}” is left to give; as in the last {days} days it would take up to {needed}. "
    "Whoever comes too late gets none and leaves. Consider a higher limit or budget, or more codes."
)
