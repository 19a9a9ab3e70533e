"""Customer 360: one customer over every touchpoint, and what staff may do for them."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.act.outreach.rules.merge import Named
from kizuna.customers.consent.queries import consents_of
from kizuna.customers.consent.rules import CHANNELS, PURPOSES
from kizuna.customers.notes.operations import take_note
from kizuna.customers.notes.rules import NOTE_KINDS
from kizuna.customers.orders.queries import OrderCard, orders_of
from kizuna.customers.people.operations import merge_people, retract_evidence
from kizuna.customers.people.queries import Profile, profile
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, compares, stores_of, user_of
from kizuna.customers.stores.queries import all_stores
from kizuna.errors import Invalid
from kizuna.listen.reviews.queries import reviews_of
from kizuna.listen.surveys.operations import invite
from kizuna.listen.surveys.queries import answers_of, surveys
from kizuna.web.access import is_allowed
from kizuna.web.figures import number, yen_text
from kizuna.web.naming import Names
from kizuna.web.pages.door import Step
from kizuna.web.served import served
from kizuna.web.spoken import Spoken
from kizuna.web.timeline import timeline
from kizuna.words import Words

EVENTS_SHOWN = 20

KIND_WORDS: dict[str, Words] = {
    "mail": Words(ja="メール", en="Mail"),
    "phone": Words(ja="電話", en="Phone"),
    "line": Words(ja="LINE", en="LINE"),
    "card": Words(ja="会員カード", en="Card"),
    "account": Words(ja="アカウント", en="Account"),
    "manual": Words(ja="スタッフによる統合", en="Joined by staff"),
}


class NotANumber(Invalid):
    """The customer to join with is named by number."""

    code = "customer_number_needed"


class NoteForm(forms.Form):
    """A note about a customer."""

    text = forms.CharField(
        max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), label=Spoken(ja="メモ", en="Note")
    )
    kind = forms.ChoiceField(label=Spoken(ja="種類", en="Kind"))
    store = forms.ChoiceField(required=False, label=Spoken(ja="店舗", en="Store"))

    def __init__(self, *args: object, stores: frozenset[str] | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds, places = self.fields["kind"], self.fields["store"]
        choices = [(store.code, store.name) for store in all_stores(stores=stores)]
        if isinstance(kinds, forms.ChoiceField) and isinstance(places, forms.ChoiceField):
            kinds.choices = [(kind, str(words)) for kind, words in NOTE_KINDS.items()]
            places.choices = choices if stores is not None else [("", "—"), *choices]


@require_GET
def customer(request: HttpRequest, person_id: int) -> HttpResponse:
    """Who they are, everything that happened between us, and how we know it is one person."""
    stores = stores_of(request)
    who = profile(person_id=person_id, stores=stores)
    if who.root_id != person_id:
        return redirect("customer", person_id=who.root_id)
    orders = orders_of(person_ids=who.person_ids, stores=stores)
    answers = answers_of(person_ids=who.person_ids, stores=stores)
    consents = consents_of(person_ids=who.person_ids)
    reviews = reviews_of(person_ids=who.person_ids, stores=stores)
    user = user_of(request)
    done = served(
        person_ids=who.person_ids,
        stores=stores,
        with_held_out=compares(request),
        named=Named(family_name=who.family_name, given_name=who.given_name, display_name=who.name),
        language="en" if (get_language() or "ja").startswith("en") else "ja",
    )
    events = timeline(
        orders=orders,
        answers=answers,
        reviews=reviews,
        notes=done.notes,
        consents=consents,
        told=done.told,
        called=_names(orders=orders),
    )
    kept = [order for order in orders if not order.cancelled]
    context = {
        "who": who,
        "events": events[:EVENTS_SHOWN],
        "older": events[EVENTS_SHOWN:],
        "ahead": [one for one in reversed(done.told) if one.ahead],
        "practices": done.practices,
        "tags": done.tags,
        "may_read": is_allowed(user=user, view="outreach:customer"),
        "now": present(),
        "order_count": number(len(kept)),
        "total": yen_text(sum(order.total_yen - order.refunded_yen for order in kept)),
        "first": kept[-1].ordered_at if kept else None,
        "last": kept[0].ordered_at if kept else None,
        "last_nps": next((answer for answer in answers if answer.instrument == "nps"), None),
        "consents": [
            (CHANNELS.get(card.channel, card.channel), PURPOSES.get(card.purpose, card.purpose), card)
            for card in consents
            if card.in_force
        ],
        "evidence": [(KIND_WORDS.get(card.kind, card.kind), card) for card in who.evidence],
        "may_merge": is_allowed(user=user, view="customer_merge"),
        "trail": [Step(href=reverse("customers"), words=Words(ja="お客様", en="Customers"))],
    }
    return render(request, "pages/customer.html", context)


def _names(*, orders: Sequence[OrderCard]) -> Names:
    """The names this customer's own orders tell: enough for a timeline, without another question."""
    return Names(
        stores={order.store: order.store_name for order in orders},
        products={line.product: line.name or line.product for order in orders for line in order.lines},
    )


def _visible(request: HttpRequest, person_id: int) -> Profile:
    """The customer, when the asker may see them. Raises: NoSuchPerson."""
    return profile(person_id=person_id, stores=stores_of(request))


@require_http_methods(["GET", "POST"])
def customer_note(request: HttpRequest, person_id: int) -> HttpResponse:
    """Write a note; opened inside the customer's page, or as a page of its own."""
    who = _visible(request, person_id)
    form = NoteForm(request.POST or None, stores=stores_of(request))
    if request.method == "GET" or not form.is_valid():
        return _act(request, who=who, part="note", context={"form": form})
    take_note(
        person_id=who.root_id,
        text=form.cleaned_data["text"],
        kind=form.cleaned_data["kind"],
        store=form.cleaned_data["store"],
        author_id=user_of(request).pk,
        now=present(),
    )
    messages.success(request, str(Words(ja="メモを残しました。", en="The note was kept.")))
    return redirect("customer", person_id=who.root_id)


@require_POST
def customer_merge(request: HttpRequest, person_id: int) -> HttpResponse:
    """State that another customer number is the same person; can be taken back under «how we know»."""
    who = _visible(request, person_id)
    other = request.POST.get("other", "").strip().lstrip("#")
    if not (other.isascii() and other.isdigit()) or len(other) > 18:
        raise NotANumber(
            Words(ja="統合する相手の顧客番号を入力してください。", en="Enter the other customer's number.")
        )
    twin = _visible(request, int(other))
    root = merge_people(person_ids=[who.root_id, twin.root_id], actor=actor_of(request), now=present())
    words = Words(
        ja="1人のお客様として統合しました。「本人照合の根拠」からいつでも元に戻せます。",
        en="Joined into one customer. It can be taken back any time under «How we know it is one person».",
    )
    messages.success(request, str(words))
    return redirect("customer", person_id=root)


@require_POST
def customer_retract(request: HttpRequest, person_id: int, evidence_id: int) -> HttpResponse:
    """Take back one piece of evidence; records that nothing else joins part again."""
    who = _visible(request, person_id)
    if evidence_id not in {card.evidence_id for card in who.evidence}:
        raise NotANumber(Words(ja="このお客様の照合の根拠ではありません。", en="Not evidence of this customer."))
    retract_evidence(evidence_id=evidence_id, actor=actor_of(request), now=present())
    messages.success(request, str(Words(ja="照合の根拠を取り消しました。", en="The evidence was taken back.")))
    return redirect("customer", person_id=person_id)


def _act(request: HttpRequest, *, who: Profile, part: str, context: dict[str, object]) -> HttpResponse:
    """One form about the customer: alone when asked for by the open page, else on a page of its own."""
    template = f"pages/customer_{part}.html" if request.headers.get("HX-Request") else "pages/customer_act.html"
    trail = [
        Step(href=reverse("customers"), words=Words(ja="お客様", en="Customers")),
        Step(href=reverse("customer", args=[who.root_id]), words=Words(ja=who.name or "—", en=who.name or "—")),
    ]
    return render(request, template, {**context, "who": who, "part": f"pages/customer_{part}.html", "trail": trail})


@require_http_methods(["GET", "POST"])
def customer_survey(request: HttpRequest, person_id: int) -> HttpResponse:
    """Issue a personal survey link and show it, to be sent or opened on a tablet."""
    who = _visible(request, person_id)
    if request.method == "GET":
        active = [card for card in surveys(stores=stores_of(request)) if card.active]
        return _act(request, who=who, part="survey", context={"surveys": active})
    chosen = request.POST.get("survey", "")
    if not (chosen.isascii() and chosen.isdigit()):
        raise NotANumber(Words(ja="アンケートを選んでください。", en="Choose a survey."))
    issued = invite(
        survey_id=int(chosen),
        person_id=who.root_id,
        order_id=None,
        channel="link",
        now=present(),
        locale="en" if request.POST.get("locale") == "en" else "ja",
    )
    return redirect("surveys:invitation", invitation_id=issued.invitation_id)
