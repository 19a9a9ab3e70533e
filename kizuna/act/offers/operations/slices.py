"""Limits and budgets without a hot row: the offer's allowance lies in slices, and each redeemer takes from one.

When no single slice has enough (the last of a limit, a discount larger than any slice's rest), all slices are locked
and room is moved into one of them. So the sum is never exceeded, and nothing is refused while enough is left.
"""

from collections.abc import Sequence
from itertools import count

from django.db.models import F

from kizuna.act.offers.models import Offer, PersonUse, Slice
from kizuna.act.offers.rules.refusals import BudgetSpent, LimitReached, PersonLimitReached
from kizuna.customers.people.queries import records_of

SLICES = 16
_turn = count()


def next_turn() -> int:
    """Where this redeemer begins to look; processes that start together begin apart because their codes differ."""
    return next(_turn)


def spread(*, amount: int | None, over: int = SLICES) -> list[int | None]:
    """An amount in nearly equal parts; None (no limit) stays None everywhere."""
    if amount is None:
        return [None] * over
    return [amount // over + (1 if place < amount % over else 0) for place in range(over)]


def cut(*, offer: Offer) -> None:
    """Lay the allowance of a newly published offer into its slices."""
    parts = zip(spread(amount=offer.total_limit), spread(amount=offer.budget_yen), strict=True)
    Slice.objects.bulk_create(
        Slice(offer=offer, number=number, uses_limit=uses, yen_limit=yen) for number, (uses, yen) in enumerate(parts)
    )


def recut(*, offer: Offer) -> None:
    """Lay a changed limit or budget anew. Raises ``LimitReached``, ``BudgetSpent`` when more is taken already."""
    slices = _locked(offer_id=offer.pk)
    uses_left = None if offer.total_limit is None else offer.total_limit - sum(one.uses_taken for one in slices)
    yen_left = None if offer.budget_yen is None else offer.budget_yen - sum(one.yen_taken for one in slices)
    if uses_left is not None and uses_left < 0:
        raise LimitReached
    if yen_left is not None and yen_left < 0:
        raise BudgetSpent(left_yen=yen_left, needed_yen=0)
    parts = zip(slices, spread(amount=uses_left), spread(amount=yen_left), strict=True)
    for one, uses, yen in parts:
        one.uses_limit = None if uses is None else one.uses_taken + uses
        one.yen_limit = None if yen is None else one.yen_taken + yen
    Slice.objects.bulk_update(slices, ["uses_limit", "yen_limit"])


def take(*, offer_id: int, yen: int, turn: int) -> int:
    """Take one use and ``yen``; answers the slice's number. Locks every slice, so what it refuses is truly not there.

    Raises: LimitReached, BudgetSpent.
    """
    slices = _locked(offer_id=offer_id)
    start = turn % len(slices)
    ordered = slices[start:] + slices[:start]
    chosen = next((one for one in ordered if _uses_left(one) >= 1 and _yen_left(one) >= yen), None)
    if chosen is None:
        chosen = _gather(slices=ordered, yen=yen)
        Slice.objects.bulk_update(slices, ["uses_limit", "yen_limit"])
    Slice.objects.filter(pk=chosen.pk).update(uses_taken=F("uses_taken") + 1, yen_taken=F("yen_taken") + yen)
    return chosen.number


def give_back(*, offer_id: int, number: int, yen: int) -> None:
    """Return what a reversed redemption or a released reservation had taken."""
    Slice.objects.filter(offer_id=offer_id, number=number).update(
        uses_taken=F("uses_taken") - 1, yen_taken=F("yen_taken") - yen
    )


def take_for_person(*, offer_id: int, person_id: int, limit: int) -> None:
    """Count one more use of this customer. Raises ``PersonLimitReached``."""
    elsewhere = uses_elsewhere(offer_id=offer_id, person_id=person_id)
    PersonUse.objects.bulk_create(
        [PersonUse(offer_id=offer_id, person_id=person_id, uses=0)],
        ignore_conflicts=True,
    )
    free = PersonUse.objects.filter(offer_id=offer_id, person_id=person_id, uses__lt=limit - elsewhere)
    if free.update(uses=F("uses") + 1) == 0:
        raise PersonLimitReached(limit=limit)


def uses_elsewhere(*, offer_id: int, person_id: int) -> int:
    """Uses counted under other records of the same customer, from before the records were joined."""
    others = [one for one in records_of(person_id=person_id) if one != person_id]
    return sum(PersonUse.objects.filter(offer_id=offer_id, person_id__in=others).values_list("uses", flat=True))


def give_back_for_person(*, offer_id: int, person_id: int) -> None:
    """One use less of this customer."""
    PersonUse.objects.filter(offer_id=offer_id, person_id=person_id).update(uses=F("uses") - 1)


def _locked(*, offer_id: int) -> list[Slice]:
    return list(Slice.objects.select_for_update().filter(offer_id=offer_id).order_by("number"))


def _uses_left(one: Slice) -> float:
    return float("inf") if one.uses_limit is None else one.uses_limit - one.uses_taken


def _yen_left(one: Slice) -> float:
    return float("inf") if one.yen_limit is None else one.yen_limit - one.yen_taken


def _gather(*, slices: Sequence[Slice], yen: int) -> Slice:
    """Move room from the others into the first slice until one use of ``yen`` fits."""
    chosen, others = slices[0], slices[1:]
    if sum(_uses_left(one) for one in slices) < 1:
        raise LimitReached
    left = sum(_yen_left(one) for one in slices)
    if left < yen:
        raise BudgetSpent(left_yen=int(left), needed_yen=yen)
    for one in others:
        if chosen.uses_limit is not None and one.uses_limit is not None and _uses_left(chosen) < 1:
            moved = min(1, one.uses_limit - one.uses_taken)
            one.uses_limit -= moved
            chosen.uses_limit += moved
        if chosen.yen_limit is not None and one.yen_limit is not None and _yen_left(chosen) < yen:
            moved = min(yen - (chosen.yen_limit - chosen.yen_taken), one.yen_limit - one.yen_taken)
            one.yen_limit -= moved
            chosen.yen_limit += moved
    return chosen
