"""The pages on which leaders make offers and everybody sees how they go."""

import secrets
from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.act.offers.forms import GiveForm, LimitsForm, OfferForm, PoolForm, initial_of
from kizuna.act.offers.operations import (
    change_limits,
    create_offer,
    edit_offer,
    fill_pool,
    issue_coupons,
    publish_offer,
    stop_offer,
)
from kizuna.act.offers.queries import OfferCard, decisions, offer_with, offers, uses
from kizuna.act.offers.rules import KINDS, CouponRequest, IssuedCoupon, judge
from kizuna.act.offers.rules.law import claim_of
from kizuna.act.offers.rules.refusals import NoSuchOffer, OfferIncomplete
from kizuna.act.offers.rules.room import remedy
from kizuna.act.offers.rules.terms import incomplete, least_spend, regular_yen
from kizuna.customers.people.queries import names_of, profile
from kizuna.customers.staff.models import User
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, page_of, stores_of
from kizuna.customers.stores.queries import store_names
from kizuna.errors import Refusal
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.words import Words

PAGE_SIZE = 50
_KIND_ICONS = {
    "amount": "coin-yen",
    "percent": "discount",
    "free_shipping": "truck",
    "bundle": "packages",
    "gift": "gift",
    "lottery": "ticket",
}
_KIND_NOTES = {
    "amount": Words(ja="「次回500円引き」など", en="“500 yen off next time”"),
    "percent": Words(ja="「お誕生月は10%引き」など", en="“10% off in your birthday month”"),
    "free_shipping": Words(ja="送料をお店が負担します", en="The shop bears the shipping"),
    "bundle": Words(ja="決まった商品の組み合わせを割安に", en="Certain products together, for less"),
    "gift": Words(ja="購入した方全員に差し上げる景品", en="A premium for everybody who buys"),
    "lottery": Words(ja="抽選で当たる景品", en="Premiums drawn by lot"),
}
_STATES = {
    "draft": Words(ja="下書き", en="Draft"),
    "published": Words(ja="公開中", en="Running"),
    "stopped": Words(ja="停止", en="Stopped"),
}


@require_GET
def offer_list(request: HttpRequest) -> HttpResponse:
    """Every offer and how it goes."""
    return render(request, "offers/list.html", {"offers": offers(), "states": _STATES})


@require_GET
def choose_kind(request: HttpRequest) -> HttpResponse:
    """What kind of offer it shall be."""
    kinds = [(slug, words, _KIND_NOTES[slug], _KIND_ICONS[slug]) for slug, words in KINDS.items()]
    return render(request, "offers/kinds.html", {"kinds": kinds})


@require_http_methods(["GET", "POST"])
def offer_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Make a draft."""
    if kind not in KINDS:
        raise NoSuchOffer
    form = OfferForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        terms = form.terms(name=f"{kind.replace('_', '-')}-{secrets.token_hex(3)}")
        prefix = form.cleaned_data["code_prefix"]
        try:
            made = create_offer(terms=terms, prefix=prefix, actor=actor_of(request), now=present())
            return redirect("offers:detail", made)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    context = {"form": form, "kind": KINDS[kind], "back": None}
    return render(request, "offers/edit.html", context)


@require_http_methods(["GET", "POST"])
def offer_edit(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Change a draft."""
    card = offer_with(offer_id=offer_id)
    kind = card.terms.kind
    form = OfferForm(request.POST or None, kind=kind, initial=initial_of(terms=card.terms, prefix=card.prefix))
    if request.method == "POST" and form.is_valid():
        terms = form.terms(name=card.name)
        prefix = form.cleaned_data["code_prefix"]
        try:
            edit_offer(offer_id=offer_id, terms=terms, prefix=prefix, actor=actor_of(request), now=present())
            return redirect("offers:detail", offer_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    return render(request, "offers/edit.html", {"form": form, "kind": card.kind, "back": card})


@require_GET
def offer_detail(request: HttpRequest, offer_id: int) -> HttpResponse:
    """One offer: its terms, what the law says, its uses."""
    return _detail(request, offer_id=offer_id)


def _detail(
    request: HttpRequest, *, offer_id: int, issued: IssuedCoupon | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    card = offer_with(offer_id=offer_id, now=present())
    page = page_of(request)
    stores = stores_of(request)
    found = uses(offer_id=card.offer_id, stores=stores, start=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    room = card.room if card.state != "draft" else None
    none_left = room.why_not() if room else None
    context = {
        "offer": card,
        "state": _STATES[card.state],
        "wrong": incomplete(terms=card.terms) if card.state == "draft" else None,
        "room": room,
        "none_left": remedy(why=none_left) if none_left else None,
        "verdict": judge(claim=claim_of(terms=card.terms)),
        "decisions": decisions(offer_id=card.offer_id),
        "uses": found[:PAGE_SIZE],
        "more": len(found) > PAGE_SIZE,
        "page": page,
        "staff": {f"user:{pk}": name for pk, name in User.objects.values_list("pk", "name")}
        | {"system": Words(ja="自動", en="automatic")},
        "names": names_of(person_ids={one.person_id for one in found if one.person_id is not None}),
        "stores": store_names(),
        "limits": LimitsForm(initial={"total_limit": card.terms.total_limit, "budget_yen": card.terms.budget_yen}),
        "give": GiveForm(),
        "issued": issued,
        "refusal": refusal,
        "regular_yen": regular_yen(items=card.terms.items),
        "least_spend": least_spend(terms=card.terms),
    }
    return render(request, "offers/detail.html", context, status=200 if refusal is None else 409)


@require_POST
def offer_publish(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Publish, if the law's caps allow it; the decision is kept either way."""
    try:
        verdict = publish_offer(offer_id=offer_id, actor=actor_of(request), now=present())
    except Refusal as refusal:
        return _detail(request, offer_id=offer_id, refusal=refusal)
    messages.success(request, f"{Words(ja='公開しました。', en='Published.')} {verdict.reason}")
    return redirect("offers:detail", offer_id)


@require_POST
def offer_stop(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Give out no more."""
    stop_offer(offer_id=offer_id, honours_issued="void" not in request.POST, actor=actor_of(request), now=present())
    messages.success(request, str(Words(ja="特典を停止しました。", en="The offer was stopped.")))
    return redirect("offers:detail", offer_id)


@require_POST
def offer_limits(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Change limit and budget while it runs."""
    form = LimitsForm(request.POST)
    try:
        if not form.is_valid():
            raise OfferIncomplete(_BAD_LIMIT)
        change_limits(offer_id=offer_id, actor=actor_of(request), now=present(), **form.cleaned_data)
    except Refusal as refusal:
        return _detail(request, offer_id=offer_id, refusal=refusal)
    messages.success(request, str(Words(ja="上限を変更しました。", en="The limits were changed.")))
    return redirect("offers:detail", offer_id)


@require_http_methods(["GET", "POST"])
def offer_pool(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Bring in codes that another system made."""
    card = offer_with(offer_id=offer_id)
    form = PoolForm(request.POST or None, request.FILES or None)
    filled = None
    if request.method == "POST" and form.is_valid():
        try:
            filled = fill_pool(offer_id=offer_id, lines=form.lines(), actor=actor_of(request), now=present())
            form, card = PoolForm(), offer_with(offer_id=offer_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.words))
    return render(request, "offers/pool.html", {"offer": card, "form": form, "filled": filled})


@require_POST
def offer_give(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Give one coupon by hand, to a customer the asker may see."""
    card = offer_with(offer_id=offer_id)
    form = GiveForm(request.POST)
    try:
        if not form.is_valid():
            raise OfferIncomplete(Words(ja="お客様番号を入力してください。", en="Give the customer's number."))
        root = profile(person_id=form.cleaned_data["person"], stores=stores_of(request)).root_id
        wanted = CouponRequest(person_id=root, key=f"hand:{secrets.token_hex(16)}")
        with transaction.atomic():
            (given,) = issue_coupons(offer=card.name, requests=[wanted], now=present())
            if isinstance(given, Refusal):
                raise given
            detail = {"coupon": given.coupon_id, "person": root}
            target = f"offer:{offer_id}"
            record(actor=actor_of(request), action="offer.given", target=target, detail=detail, now=present())
    except Refusal as refusal:
        return _detail(request, offer_id=offer_id, refusal=refusal)
    return _detail(request, offer_id=offer_id, issued=given)


@require_GET
def offers_export(request: HttpRequest) -> FileResponse:
    """The list as a file."""
    header = (
        *(Words(ja="管理名", en="name"), Words(ja="名前", en="title"), Words(ja="内容", en="gives")),
        *(Words(ja="状態", en="state"), Words(ja="発行", en="issued"), Words(ja="利用", en="redeemed")),
        *(Words(ja="費用（円）", en="cost_yen"), Words(ja="残り回数", en="uses_left")),
        *(Words(ja="予算の残り（円）", en="budget_left_yen"), Words(ja="景品表示法の分類", en="class")),
    )
    return download(
        name="offers",
        wanted=request.GET.get("format", "xlsx"),
        header=header,
        rows=(_cells(card) for card in offers()),
        day=timezone.localdate(),
    )


@require_GET
def uses_export(request: HttpRequest, offer_id: int) -> FileResponse:
    """An offer's uses as a file, without names."""
    card = offer_with(offer_id=offer_id)
    header = (
        *(Words(ja="利用日時", en="redeemed_at"), Words(ja="コード", en="code"), Words(ja="施策", en="practice")),
        *(Words(ja="顧客記録番号", en="customer"), Words(ja="店舗", en="store"), Words(ja="購入額", en="amount_yen")),
        *(Words(ja="値引・費用", en="discount_yen"), Words(ja="取消日時", en="reversed_at")),
    )
    response = download(
        name=f"offer-{card.name}",
        wanted=request.GET.get("format", "xlsx"),
        header=header,
        rows=_use_cells(offer_id=offer_id),
        day=timezone.localdate(),
    )
    target = f"offer:{offer_id}"
    record(actor=actor_of(request), action="offer.uses_exported", target=target, detail={}, now=timezone.now())
    return response


def _cells(card: OfferCard) -> tuple[Cell, ...]:
    return (
        *(card.name, str(card.title), str(card.gives), str(_STATES[card.state]), card.issued, card.redeemed),
        *(card.cost_yen, card.uses_left, card.budget_left_yen, str(card.reward_class)),
    )


def _use_cells(*, offer_id: int) -> Iterator[tuple[Cell, ...]]:
    start = 0
    while page := uses(offer_id=offer_id, start=start, limit=2000):
        start += len(page)
        for one in page:
            yield (
                *(one.redeemed_at, one.code, one.practice, one.person_id, one.store),
                *(one.amount_yen, one.discount_yen, one.reversed_at),
            )


_BAD_LIMIT = Words(ja="上限は1以上にするか、空欄にしてください。", en="A limit is 1 or more, or left empty.")
