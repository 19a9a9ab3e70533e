"""Making, changing, publishing and stopping offers."""

import zlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from kizuna.act.offers.models import Decision, Offer
from kizuna.act.offers.operations.slices import cut, recut
from kizuna.act.offers.queries.terms import terms_of
from kizuna.act.offers.rules import RULE_VERSION, Terms, Verdict, judge, prefix_of, reward_class
from kizuna.act.offers.rules.codes import ALPHABET
from kizuna.act.offers.rules.law import claim_of
from kizuna.act.offers.rules.refusals import NameTaken, NoSuchOffer, NotADraft, OfferIncomplete, PremiumOverCap
from kizuna.act.offers.rules.terms import incomplete
from kizuna.customers.products.queries import product_names
from kizuna.facts.audit.operations import record
from kizuna.words import Words

SYSTEM = "system"


def create_offer(*, terms: Terms, prefix: str, actor: str, now: datetime) -> int:
    """A new draft; answers its number. Without ``prefix`` one is made of the name.

    Raises: NameTaken, BadPrefix.
    """
    chosen = prefix_of(text=prefix) if prefix.strip() else _own_prefix(name=terms.name)
    try:
        with transaction.atomic():
            offer = Offer.objects.create(**_columns(terms=terms), code_prefix=chosen, created_at=now)
            record(
                actor=actor, action="offer.created", target=f"offer:{offer.pk}", detail={"name": terms.name}, now=now
            )
    except IntegrityError:
        raise NameTaken from None
    return offer.pk


def edit_offer(*, offer_id: int, terms: Terms, prefix: str, actor: str, now: datetime) -> None:
    """Change a draft. Raises: NoSuchOffer, NotADraft, NameTaken, BadPrefix."""
    chosen = prefix_of(text=prefix) if prefix.strip() else _own_prefix(name=terms.name)
    try:
        with transaction.atomic():
            offer = _locked(offer_id=offer_id)
            if offer.state != "draft":
                raise NotADraft
            values = {**_columns(terms=terms), "code_prefix": chosen}
            changed = sorted(name for name, value in values.items() if getattr(offer, name) != value)
            Offer.objects.filter(pk=offer.pk).update(**values)
            record(actor=actor, action="offer.edited", target=f"offer:{offer.pk}", detail={"changed": changed}, now=now)
    except IntegrityError:
        raise NameTaken from None


def publish_offer(*, offer_id: int, actor: str, now: datetime) -> Verdict:
    """Let coupons be given out, when the law's caps allow it. The decision is kept either way, with what led to it.

    Raises: NoSuchOffer, NotADraft, OfferIncomplete, PremiumOverCap.
    """
    with transaction.atomic():
        offer = _locked(offer_id=offer_id)
        if offer.state != "draft":
            raise NotADraft
        terms = terms_of(offer=offer)
        wrong = incomplete(terms=terms) or _unknown_products(terms=terms)
        if wrong is not None:
            raise wrong
        verdict = judge(claim=claim_of(terms=terms))
        _keep(offer=offer, terms=terms, verdict=verdict, actor=actor, now=now)
        if verdict.allowed:
            Offer.objects.filter(pk=offer.pk).update(state="published", published_at=now)
            cut(offer=offer)
    # Only now: a refusal raised inside would take the kept decision with it.
    if not verdict.allowed:
        raise PremiumOverCap(words=verdict.reason, cap_yen=verdict.cap_yen)
    return verdict


def ensure_offer(*, now: datetime, actor: str = SYSTEM, prefix: str = "", publish: bool = True, **terms: Any) -> int:
    """The offer of this name, made (and published) on first call and left as it is ever after; answers its number.

    ``terms`` are the fields of ``Terms``; ``title`` is a ``Words``.
    """
    wanted = Terms(**terms)
    found = Offer.objects.filter(name=wanted.name).first()
    if found is not None:
        return found.pk
    offer_id = create_offer(terms=wanted, prefix=prefix, actor=actor, now=now)
    if publish:
        publish_offer(offer_id=offer_id, actor=actor, now=now)
    return offer_id


def change_limits(*, offer_id: int, total_limit: int | None, budget_yen: int | None, actor: str, now: datetime) -> None:
    """Raise or lower what a running offer may give, never under what it has given.

    Raises: NoSuchOffer, LimitReached, BudgetSpent, OfferIncomplete.
    """
    if any(limit is not None and limit < 1 for limit in (total_limit, budget_yen)):
        raise OfferIncomplete(
            Words(ja="上限は1以上にするか、空欄にしてください。", en="A limit is 1 or more, or left empty.")
        )
    with transaction.atomic():
        offer = _locked(offer_id=offer_id)
        offer.total_limit, offer.budget_yen = total_limit, budget_yen
        offer.save(update_fields=["total_limit", "budget_yen"])
        if offer.state != "draft":
            recut(offer=offer)
        detail = {"total_limit": total_limit, "budget_yen": budget_yen}
        record(actor=actor, action="offer.limits_changed", target=f"offer:{offer_id}", detail=detail, now=now)


def stop_offer(*, offer_id: int, honours_issued: bool, actor: str, now: datetime) -> None:
    """Give out no more. Coupons in customers' hands stay good unless ``honours_issued`` is False.

    Raises: NoSuchOffer.
    """
    with transaction.atomic():
        offer = _locked(offer_id=offer_id)
        Offer.objects.filter(pk=offer.pk).update(state="stopped", stopped_at=now, honours_issued=honours_issued)
        detail = {"honours_issued": honours_issued}
        record(actor=actor, action="offer.stopped", target=f"offer:{offer_id}", detail=detail, now=now)


def _keep(*, offer: Offer, terms: Terms, verdict: Verdict, actor: str, now: datetime) -> None:
    Decision.objects.create(
        offer=offer,
        allowed=verdict.allowed,
        reward_class=verdict.reward_class,
        reason_ja=verdict.reason.ja,
        reason_en=verdict.reason.en,
        cap_yen=verdict.cap_yen,
        inputs=asdict(claim_of(terms=terms)),
        rule_version=RULE_VERSION,
        actor=actor,
        decided_at=now,
    )
    detail = {"allowed": verdict.allowed, "cap_yen": verdict.cap_yen, "rule_version": RULE_VERSION}
    record(actor=actor, action="offer.publish_decided", target=f"offer:{offer.pk}", detail=detail, now=now)


def _unknown_products(*, terms: Terms) -> OfferIncomplete | None:
    codes = {item.sku for item in terms.items}
    unknown = sorted(codes - set(product_names(codes=codes))) if codes else []
    if not unknown:
        return None
    words = Words(ja="商品が見つかりません: {codes}", en="There is no such product: {codes}")
    return OfferIncomplete(words.fill(codes=", ".join(unknown)))


def _locked(*, offer_id: int) -> Offer:
    offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NoSuchOffer
    return offer


def _own_prefix(*, name: str) -> str:
    """Three signs that follow from the name, so that making the same offer again meets the same prefix."""
    number = zlib.crc32(name.encode())
    return "".join(ALPHABET[10 + (number >> 8 * place) % 22] for place in range(3))


def _columns(*, terms: Terms) -> dict[str, object]:
    values = {name: value for name, value in asdict(terms).items() if name not in {"title", "items"}}
    return values | {
        "title_ja": terms.title.ja,
        "title_en": terms.title.en,
        "items": [asdict(item) for item in terms.items],
        "reward_class": reward_class(kind=terms.kind),
    }
