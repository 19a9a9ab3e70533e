"""Filling a pool with codes that another system made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kizuna.act.offers.models import Coupon, Offer
from kizuna.act.offers.rules import is_pool_code, plain
from kizuna.act.offers.rules.refusals import NoSuchOffer, OfferIncomplete
from kizuna.customers.stores.queries import among
from kizuna.facts.audit.operations import record
from kizuna.facts.rows.operations import hold
from kizuna.words import Words

POOL_LIMIT = 100_000
POOL_LOCK = 0x6B6F66  # any fixed number; it only has to differ from other advisory locks of this database


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFilled:
    """What became of the lines: added, known already, another offer's, or refused with its number.

    A code belongs to one offer; one that another offer has cannot be given for this one.
    """

    added: int
    known: int
    elsewhere: int
    refused: tuple[tuple[int, str], ...]


def fill_pool(*, offer_id: int, lines: Iterable[str], actor: str, now: datetime) -> PoolFilled:
    """Add one code a line; a line with several cells gives its first. Codes that are there already change nothing.

    Raises: NoSuchOffer, OfferIncomplete (the offer makes its own codes, or there are too many lines).
    """
    offer = Offer.objects.filter(pk=offer_id).first()
    if offer is None:
        raise NoSuchOffer
    if offer.code_mode != "pool":
        raise OfferIncomplete(Words(ja="この特典のコードは自動で作られます。", en="This offer makes its own codes."))
    codes, refused, seen = _read(lines=lines)
    with transaction.atomic():
        # Two who bring in the same file at once: the second finds what the first has added.
        hold(lock=POOL_LOCK)
        there = dict(Coupon.objects.filter(among(column="code", values=codes)).values_list("code", "offer_id"))
        new = [code for code in codes if code not in there]
        elsewhere = sum(owner != offer.pk for owner in there.values())
        Coupon.objects.bulk_create(
            [Coupon(offer=offer, code=code, use_limit=offer.uses_per_coupon) for code in new],
            ignore_conflicts=True,  # a code this system draws in the same moment
            batch_size=1000,
        )
        filled = PoolFilled(
            added=len(new), known=seen - len(new) - elsewhere, elsewhere=elsewhere, refused=tuple(refused)
        )
        detail = {
            "added": filled.added,
            "known": filled.known,
            "elsewhere": elsewhere,
            "refused": len(refused),
        }
        record(actor=actor, action="offer.pool_filled", target=f"offer:{offer_id}", detail=detail, now=now)
    return filled


def _read(*, lines: Iterable[str]) -> tuple[list[str], list[tuple[int, str]], int]:
    """The distinct codes in order, the lines that hold none, and how many lines held one."""
    codes: dict[str, None] = {}
    refused: list[tuple[int, str]] = []
    seen = 0
    for number, line in enumerate(lines, start=1):
        cell = line.replace("\t", ",").split(",", 1)[0].strip().strip("\"'﻿")
        if not cell:
            continue
        code = plain(text=cell)
        if not is_pool_code(code=code):
            refused.append((number, cell[:40]))
            continue
        seen += 1
        codes[code] = None
        if seen > POOL_LIMIT:
            raise OfferIncomplete(
                Words(ja="一度に取り込めるのは{n:,}件までです。", en="At most {n:,} codes at a time.").fill(
                    n=POOL_LIMIT
                )
            )
    return list(codes), refused, seen
