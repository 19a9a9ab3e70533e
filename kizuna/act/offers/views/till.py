"""The till: a code is looked up, used, and taken back, on a phone behind a counter."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse as address
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from kizuna.act.offers.forms import REASONS, ReverseForm, UseForm
from kizuna.act.offers.operations import redeem, reverse
from kizuna.act.offers.queries import CouponCard, UseCard, coupon, uses
from kizuna.act.offers.rules.refusals import NothingUnderKey
from kizuna.act.offers.rules.terms import least_spend
from kizuna.customers.people.queries import names_of, served_by
from kizuna.customers.products.queries import product_names
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, stores_of
from kizuna.customers.stores.queries import all_stores, store_names
from kizuna.errors import Refusal
from kizuna.words import Words


@require_GET
def till(request: HttpRequest) -> HttpResponse:
    """Look a code up."""
    code = request.GET.get("code", "").strip()
    if not code:
        return render(request, "offers/till.html", {"code": ""})
    return _show(request, code=code)


@require_POST
def redeem_at_till(request: HttpRequest) -> HttpResponse:
    """Use the coupon; a second press of the button is the same use."""
    code = request.POST.get("code", "")[:80]
    form = _use_form(request, code=code, bound=True)
    if not form.is_valid():
        return _show(request, code=code, form=form)
    given = form.cleaned_data
    try:
        redeem(
            code=code,
            key=given["key"],
            person_id=given["person"],
            order_id=None,
            amount_yen=given["amount"],
            store=given["store"],
            actor=actor_of(request),
            now=present(),
        )
    except Refusal as refusal:
        return _show(request, code=code, form=form, refusal=refusal)
    return redirect(_till(code=code, used=given["key"]))


@require_POST
def reverse_at_till(request: HttpRequest) -> HttpResponse:
    """Take a use back; the coupon is good again until its end."""
    form = ReverseForm(request.POST)
    if not form.is_valid():
        raise NothingUnderKey
    given = form.cleaned_data
    card = coupon(code=given["code"], now=present())
    theirs = [use for use in _uses(request, card=card) if use.key == given["key"]]
    if not theirs:
        raise NothingUnderKey
    try:
        reverse(
            key=given["key"],
            reversal_key=given["reversal_key"],
            reason=given["reason"],
            actor=actor_of(request),
            now=present(),
        )
    except Refusal as refusal:
        return _show(request, code=given["code"], refusal=refusal)
    messages.success(request, str(Words(ja="利用を取り消しました。", en="The use was taken back.")))
    return redirect(_till(code=given["code"]))


def _till(*, code: str, used: str = "") -> str:
    asked = {"code": code, "used": used} if used else {"code": code}
    return f"{address('offers:till')}?{urlencode(asked)}"


def new_key() -> str:
    """A key for one press of a button."""
    return f"till:{secrets.token_hex(16)}"


def _show(
    request: HttpRequest, *, code: str, form: UseForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    try:
        card = coupon(code=code, now=present())
    except Refusal as unknown:
        return render(request, "offers/till.html", {"code": code, "refusal": unknown}, status=_status(unknown))
    form = form or _use_form(request, code=card.code)
    needs_person = card.terms.per_person_limit is not None and card.person_id is None
    found = _uses(request, card=card)
    context: dict[str, Any] = {
        "code": code,
        # Whoever has just pressed the button reads that it went well, not that the coupon is now spent.
        "just_used": next((use for use in found if use.key == request.GET.get("used") and not use.reversed_at), None),
        "card": card,
        "form": form,
        "refusal": refusal or card.refusal,
        "needs_person": needs_person,
        "least_spend": least_spend(terms=card.terms),
        "customer": _customer(request, card=card),
        "uses": found,
        "stores": store_names(),
        "products": product_names(codes={item.sku for item in card.terms.items}) if card.terms.items else {},
        "reversal_key": new_key(),
        "reasons": REASONS,
    }
    return render(request, "offers/till.html", context, status=200 if refusal is None else _status(refusal))


def _status(refusal: Refusal) -> int:
    return 404 if refusal.code == "no_such_coupon" else 409


def _use_form(request: HttpRequest, *, code: str, bound: bool = False) -> UseForm:
    stores = stores_of(request)
    places = [(place.code, place.name) for place in all_stores(stores=stores)]
    free = stores is None
    if bound:
        return UseForm(request.POST, stores=places, free=free)
    return UseForm(stores=places, free=free, initial={"code": code, "key": new_key()})


def _customer(request: HttpRequest, *, card: CouponCard) -> str:
    """The customer's name, for those who may know it."""
    if card.person_id is None or not served_by(person_ids=[card.person_id], stores=stores_of(request)):
        return ""
    return names_of(person_ids=[card.person_id]).get(card.person_id, "")


def _uses(request: HttpRequest, *, card: CouponCard) -> list[UseCard]:
    """Uses of the coupon in the asker's stores."""
    return uses(coupon_id=card.coupon_id, stores=stores_of(request), limit=20)
