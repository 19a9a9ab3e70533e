"""Giving coupons to customers: many at once, inside the caller's transaction, the same coupon for the same key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Q

from kizuna.act.offers.models import Coupon, Offer
from kizuna.act.offers.operations.pool import POOL_LOCK
from kizuna.act.offers.queries.room import is_bounded, rooms_of
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon, Terms, expiry, new_code, spaced
from kizuna.act.offers.rules.refusals import NoSuchOffer, PersonLimitReached, PoolEmpty
from kizuna.act.offers.rules.room import shut
from kizuna.customers.stores.queries import among
from kizuna.errors import Refusal
from kizuna.facts.catalogue import CouponIssued
from kizuna.facts.outbox.operations import publish_columns
from kizuna.facts.rows.operations import hold, reach

_TRIES = 5
_BATCH = 1000


def issue_coupons(*, offer: str, requests: Sequence[CouponRequest], now: datetime) -> list[IssuedCoupon | Refusal]:
    """One answer per request, in order. A key that was given a coupon before is answered with that very coupon.

    Raises: NoSuchOffer; TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("coupons are issued inside the transaction of what causes them")
    found = Offer.objects.filter(name=offer).first()
    if found is None:
        raise NoSuchOffer
    terms = terms_of(offer=found)
    if is_bounded(offer=found):
        # Codes of a pool exist before their keys, so racers with the same key cannot meet at the key; and what is left
        # of a limit is counted, not taken: they queue. One lock for all offers, since a step may give several kinds.
        hold(lock=POOL_LOCK)
    standing = _given(keys={one.key for one in requests})
    wanted = {one.key: one for one in requests if one.key not in standing}
    refusals = _refusals(offer=found, terms=terms, wanted=list(wanted.values()), now=now)
    new = [one for key, one in wanted.items() if key not in refusals]
    if new:
        give = _from_pool if found.code_mode == "pool" else _generate
        created = give(offer=found, terms=terms, requests=new, now=now)
        reach(label="offers.issued")
        _tell(offer=offer, coupons=created, now=now)
        standing |= _given(keys={one.key for one in new})
    for one in new:
        if one.key not in standing:
            refusals[one.key] = PoolEmpty()
    return [
        _answer(coupon=standing[one.key], prefix=found.code_prefix, terms=terms)
        if one.key in standing
        else refusals[one.key]
        for one in requests
    ]


def _given(*, keys: set[str]) -> dict[str, Coupon]:
    return {str(one.key): one for one in Coupon.objects.filter(among(column="key", values=sorted(keys)))}


def _refusals(*, offer: Offer, terms: Terms, wanted: Sequence[CouponRequest], now: datetime) -> dict[str, Refusal]:
    """Why some are given none: the offer is not open, is over, or used up, or the customer holds as many as one may."""
    why = shut(state=offer.state, terms=terms, now=now)
    if why is not None:
        return {one.key: why for one in wanted}
    refused = _over_their_limit(offer=offer, limit=terms.per_person_limit, wanted=wanted, now=now)
    if wanted and is_bounded(offer=offer):
        room = rooms_of(offers=[offer], now=now)[offer.pk]
        served = [one for one in wanted if one.key not in refused]
        refused |= {one.key: full for nth, one in enumerate(served, start=1) if (full := room.why_not(nth=nth))}
    return refused


def _over_their_limit(
    *, offer: Offer, limit: int | None, wanted: Sequence[CouponRequest], now: datetime
) -> dict[str, Refusal]:
    if limit is None:
        return {}
    counts = _held(offer=offer, people={one.person_id for one in wanted if one.person_id is not None}, now=now)
    refused: dict[str, Refusal] = {}
    for one in wanted:
        if one.person_id is None:
            continue
        counts[one.person_id] += 1
        if counts[one.person_id] > limit:
            refused[one.key] = PersonLimitReached(limit=limit)
    return refused


def _held(*, offer: Offer, people: Iterable[int], now: datetime) -> Counter[int]:
    """Coupons of the offer that count against each customer's limit: used ones, and those still to be used."""
    rows = (
        Coupon.objects.filter(
            Q(used__gt=0) | Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            among(column="person_id", values=list(people)),
            offer=offer,
            withdrawn_at=None,
        )
        .order_by()
        .values_list("person_id")
        .annotate(n=Count("id"))
    )
    return Counter({person_id: n for person_id, n in rows if person_id is not None})


def _generate(*, offer: Offer, terms: Terms, requests: Sequence[CouponRequest], now: datetime) -> list[Coupon]:
    """New codes. A racer with the same key waits here for the other's commit and then writes nothing."""
    over = expiry(terms=terms, issued_at=now)
    created: list[Coupon] = []
    missing = list(requests)
    for _ in range(_TRIES):
        drawn = {one.key: new_code(prefix=offer.code_prefix) for one in missing}
        Coupon.objects.bulk_create(
            [
                Coupon(
                    offer=offer,
                    code=drawn[one.key],
                    person_id=one.person_id,
                    key=one.key,
                    practice=one.practice,
                    use_limit=offer.uses_per_coupon,
                    issued_at=now,
                    expires_at=over,
                )
                for one in missing
            ],
            ignore_conflicts=True,
            batch_size=_BATCH,
        )
        there = _given(keys=set(drawn))
        created += [one for key, one in there.items() if one.code == drawn[key]]
        # Only a code drawn twice (2⁻⁵⁵ per pair) leaves a key without a coupon.
        missing = [one for one in missing if one.key not in there]
        if not missing:
            break
    return created


def _from_pool(*, offer: Offer, terms: Terms, requests: Sequence[CouponRequest], now: datetime) -> list[Coupon]:
    """The oldest codes of the pool; those who come too late are answered by the caller."""
    over = expiry(terms=terms, issued_at=now)
    waiting = Coupon.objects.filter(offer=offer, issued_at=None)
    taken = list(waiting.order_by("id")[: len(requests)])
    given: list[Coupon] = []
    for coupon, one in zip(taken, requests, strict=False):
        coupon.person_id, coupon.key, coupon.practice = one.person_id, one.key, one.practice
        coupon.issued_at, coupon.expires_at = now, over
        given.append(coupon)
    fields = ["person_id", "key", "practice", "issued_at", "expires_at"]
    Coupon.objects.bulk_update(given, ["person", *fields[1:]], batch_size=_BATCH)
    return given


def _tell(*, offer: str, coupons: Sequence[Coupon], now: datetime) -> None:
    columns: Mapping[str, Sequence[object]] = {
        "occurred_at": [now] * len(coupons),
        "person_id": [one.person_id for one in coupons],
        "coupon_id": [one.pk for one in coupons],
        "offer": [offer] * len(coupons),
        "practice": [one.practice for one in coupons],
    }
    publish_columns(fact=CouponIssued, columns=columns, now=now)


def _answer(*, coupon: Coupon, prefix: str, terms: Terms) -> IssuedCoupon:
    if coupon.expires_at is None:
        raise ValueError(f"coupon {coupon.pk} has no end")
    return IssuedCoupon(
        coupon_id=coupon.pk,
        code=spaced(code=coupon.code, prefix=prefix),
        expires_at=coupon.expires_at,
        title=terms.title,
    )
