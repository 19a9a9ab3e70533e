"""The pages on which staff see what was sent, what waits, and what was not sent and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages as notices
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.act.outreach.forms import LikingForm, MessageFilterForm
from kizuna.act.outreach.operations import call_off, lift_suppression, note_liking, refuse_for
from kizuna.act.outreach.queries import (
    WAYS,
    MessageCard,
    MessageFilter,
    counts,
    each_message,
    message,
    messages,
    messages_of,
    reach_of,
    reasons,
    template_titles,
    used_practices,
)
from kizuna.act.outreach.rules import CHANNELS, PURPOSES, STATES, NoSuchMessage, reason_words
from kizuna.customers.people.queries import NoSuchPerson, names_of, profile
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, compares, number_of, page_of, query_without, stores_of
from kizuna.facts.audit.operations import record
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.words import Words

TONES = {
    "planned": "plain",
    "attempting": "plain",
    "uncertain": "open",
    "bounced": "open",
    "complained": "open",
    "not_sent": "plain",
}
FIGURES: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("waiting", Words(ja="配信予定", en="Planned"), ("planned", "attempting")),
    ("sent", Words(ja="送信済み", en="Sent"), ("sent", "delivered", "opened", "answered")),
    ("delivered", Words(ja="到達を確認", en="Delivered"), ("delivered", "opened", "answered")),
    ("opened", Words(ja="開封", en="Opened"), ("opened", "answered")),
    ("answered", Words(ja="回答", en="Answered"), ("answered",)),
    ("back", Words(ja="不達・迷惑報告", en="Bounced, complaints"), ("bounced", "complained")),
    ("not_sent", Words(ja="未配信", en="Not sent"), ("not_sent",)),
)
HEADER = (
    Words(ja="配信番号", en="message_id"),
    Words(ja="予定日時", en="due_at"),
    Words(ja="顧客記録番号", en="customer"),
    Words(ja="文面", en="template"),
    Words(ja="目的", en="purpose"),
    Words(ja="経路", en="channel"),
    Words(ja="接客方法", en="practice"),
    Words(ja="群", en="arm"),
    Words(ja="状態", en="state"),
    Words(ja="理由", en="reason"),
    Words(ja="送信日時", en="sent_at"),
    Words(ja="到達日時", en="delivered_at"),
    Words(ja="開封日時", en="opened_at"),
    Words(ja="回答日時", en="answered_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as the list shows it."""

    card: MessageCard
    customer: str
    channel: Words | None
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure above the list; also a filter."""

    show: str
    words: Words
    count: int
    chosen: bool


@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    """Every message by what became of it."""
    form = MessageFilterForm(request.GET)
    wanted = form.wanted(with_held_out=compares(request))
    found = messages(wanted=wanted, page=page_of(request))
    known = counts(wanted=wanted)
    titles = template_titles()
    explained = reasons(wanted=wanted) if wanted.show in {"waiting", "not_sent"} else []
    context = {
        "found": found,
        "rows": _rows(cards=found.messages),
        "figures": _figures(known=known, show=wanted.show),
        "wanted": wanted,
        "unread": sorted({"day_from", "day_to"} & set(form.errors)),
        "backwards": bool(wanted.day_from and wanted.day_to and wanted.day_to < wanted.day_from),
        "filtered": wanted != MessageFilter(with_held_out=wanted.with_held_out),
        "query": query_without(request),
        "kept": query_without(request, "show", "reason"),
        "reasons": [(slug, reason_words(slug=slug), count) for slug, count in explained],
        "channels": list(CHANNELS.items()),
        "purposes": list(PURPOSES.items()),
        "practices": used_practices(),
        "titles": sorted(titles.items(), key=lambda one: str(one[1])),
    }
    return render(request, "outreach/list.html", context)


@require_GET
def messages_export(request: HttpRequest) -> FileResponse:
    """The filtered messages as a file, without names and addresses."""
    wanted = MessageFilterForm(request.GET).wanted(with_held_out=compares(request))
    response = download(
        name="messages",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(wanted=wanted),
        day=timezone.localdate(),
    )
    detail = {"filter": request.GET.urlencode()}
    record(actor=actor_of(request), action="messages.exported", target="messages", detail=detail, now=timezone.now())
    return response


@require_http_methods(["GET", "POST"])
def message_detail(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message: what was sent and what became of it. Leaders settle what is in doubt, at ``channel_settle``."""
    found = message(message_id=message_id, with_held_out=compares(request))
    if found is None:
        raise NoSuchMessage(message_id=message_id)
    card, copy = found
    if request.method == "POST":
        return _act(request, card=card)
    rows = _rows(cards=[card])
    return render(request, "outreach/message.html", {"row": rows[0], "card": card, "copy": copy, "purpose": PURPOSES})


@require_http_methods(["GET", "POST"])
def customer(request: HttpRequest, person_id: int) -> HttpResponse:
    """How one customer can be reached and likes to be, and every message to them."""
    now = present()
    found = reach_of(person_id=person_id, now=now)
    if found is None:
        raise NoSuchPerson(person_id=person_id)
    who = found.contact
    initial = {"channel": found.channel, "language": found.language}
    form = LikingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        note_liking(person_id=who.root_id, channel=given["channel"], language=given["language"], now=now)
        record(
            actor=actor_of(request),
            action="outreach.liking",
            target=f"person:{who.root_id}",
            detail={"channel": given["channel"], "language": given["language"]},
            now=now,
        )
        notices.success(request, str(Words(ja="希望の連絡方法を保存しました。", en="The wish is saved.")))
        return redirect("outreach:customer", who.root_id)
    cards = messages_of(person_ids=who.person_ids, with_held_out=compares(request), limit=100)
    context = {
        "who": who,
        "reach": found,
        "form": form,
        "rows": _rows(cards=cards, named=False),
        "channels": CHANNELS,
        "purposes": list(WAYS.values()),
        "stop_words": {kind: reason_words(slug=f"suppressed_{kind}") for kind in ("bounce", "complaint")},
    }
    return render(request, "outreach/customer.html", context)


@require_POST
def refuse(request: HttpRequest, person_id: int) -> HttpResponse:
    """A customer has asked staff to stop: no advertising and no surveys on this channel from now on."""
    channel = request.POST.get("channel", "")
    who = profile(person_id=person_id, stores=stores_of(request))
    refuse_for(person_id=who.root_id, channel=channel, actor=actor_of(request), now=present())
    notices.success(
        request, str(Words(ja="お申し出を記録し、配信を止めました。", en="Noted; the messages are stopped."))
    )
    return redirect("outreach:customer", who.root_id)


@require_POST
def lift(request: HttpRequest, suppression_id: int) -> HttpResponse:
    """Write to an address again."""
    person = number_of(request.POST.get("person", ""))
    lift_suppression(suppression_id=suppression_id, actor=actor_of(request), now=present())
    notices.success(request, str(Words(ja="配信停止を解除しました。", en="The stop is lifted.")))
    return redirect("outreach:list") if person is None else redirect("outreach:customer", person)


def _act(request: HttpRequest, *, card: MessageCard) -> HttpResponse:
    if request.POST.get("act") == "call_off":
        call_off(message_id=card.message_id, actor=actor_of(request), now=present())
        notices.success(request, str(Words(ja="記録しました。", en="Noted.")))
    return redirect("outreach:message", card.message_id)


def _rows(*, cards: Sequence[MessageCard], named: bool = True) -> list[MessageRow]:
    names = names_of(person_ids={card.person_id for card in cards}) if named and cards else {}
    return [
        MessageRow(
            card=card,
            customer=names.get(card.person_id, ""),
            channel=CHANNELS.get(card.route or card.channel),
            tone=TONES.get(card.state, "good"),
        )
        for card in cards
    ]


def _figures(*, known: dict[str, int], show: str) -> list[Figure]:
    return [
        Figure(show=name, words=words, count=sum(known[state] for state in states), chosen=show == name)
        for name, words, states in FIGURES
    ]


def _cells(*, wanted: MessageFilter) -> Iterator[tuple[Cell, ...]]:
    for one in each_message(wanted=wanted):
        yield (
            one.message_id,
            one.due_at,
            one.person_id,
            one.template,
            str(PURPOSES[one.purpose]) if one.purpose in PURPOSES else one.purpose,
            one.route or one.channel,
            one.practice,
            one.arm,
            str(STATES[one.state]),
            str(one.reason_words or ""),
            one.sent_at,
            one.delivered_at,
            one.opened_at,
            one.answered_at,
        )
