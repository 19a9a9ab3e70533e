"""What customers wrote back, by LINE, SMS and mail, on one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kizuna.act.outreach.queries import person_of
from kizuna.act.outreach.rules import CHANNELS
from kizuna.connectors.channels.rules import Reply
from kizuna.connectors.line import queries as line
from kizuna.connectors.mail import queries as mail
from kizuna.connectors.sms import queries as sms
from kizuna.customers.people.queries import holders_of, names_of
from kizuna.customers.people.rules import mail_key
from kizuna.customers.staff.views import actor_of, page_of, query_without
from kizuna.facts.audit.operations import record
from kizuna.facts.rows.rules import leaf
from kizuna.gates.download import download
from kizuna.gates.write_csv import Cell
from kizuna.web.pages.door import Step
from kizuna.words import Words

SHOWN = 50
ROOMS = {"mail": mail, "line": line, "sms": sms}
EVIDENCE = {"mail": "mail", "line": "line", "sms": "phone"}
HEADER = (
    Words(ja="受信日時", en="received_at"),
    Words(ja="経路", en="channel"),
    Words(ja="顧客番号", en="customer"),
    Words(ja="配信番号", en="message_id"),
    Words(ja="配信停止の申し出", en="asks_to_stop"),
    Words(ja="件名", en="subject"),
    Words(ja="本文", en="text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """A reply and whom it is from: nobody we know, one customer, or several who share the address."""

    reply: Reply
    channel: Words
    people: tuple[tuple[int, str], ...]
    sender: str
    """Where to answer somebody nobody knows; empty for LINE, whose name for a person says nothing to staff."""


@require_GET
def replies(request: HttpRequest) -> HttpResponse:
    """The latest first."""
    channel = request.GET.get("channel", "")
    channel = channel if channel in ROOMS else ""
    shown = leaf(count=_count(channel=channel), page=page_of(request), size=SHOWN)
    context = {
        "rows": _rows(found=_found(channel=channel, limit=shown.part.stop)[shown.part]),
        "shown": shown,
        "channel": channel,
        "channels": list(CHANNELS.items()),
        "query": query_without(request),
        "trail": [Step(href=reverse("outreach:list"), words=Words(ja="配信", en="Messages"))],
    }
    return render(request, "pages/replies.html", context)


@require_GET
def replies_export(request: HttpRequest) -> FileResponse:
    """What was written back as a file, with numbers in place of names and addresses."""
    channel = request.GET.get("channel", "")
    response = download(
        name="replies",
        wanted=request.GET.get("format", "xlsx"),
        header=HEADER,
        rows=_cells(channel=channel if channel in ROOMS else ""),
        day=timezone.localdate(),
    )
    record(actor=actor_of(request), action="replies.exported", target="replies", detail={}, now=timezone.now())
    return response


def _count(*, channel: str) -> int:
    return sum(room.reply_count() for name, room in ROOMS.items() if channel in {"", name})


def _found(*, channel: str, limit: int) -> list[Reply]:
    rooms = [room for name, room in ROOMS.items() if channel in {"", name}]
    every = [reply for room in rooms for reply in room.replies(limit=limit)]
    return sorted(every, key=lambda one: one.at, reverse=True)[:limit]


def _rows(*, found: Sequence[Reply]) -> list[ReplyRow]:
    people = _people(found=found)
    names = names_of(person_ids={person for several in people.values() for person in several})
    return [
        ReplyRow(
            reply=one,
            channel=CHANNELS[one.channel],
            people=tuple((person, names.get(person, "")) for person in people.get(_key(one), ())),
            sender="" if one.channel == "line" else one.address,
        )
        for one in found
    ]


def _people(*, found: Sequence[Reply]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Whom the address belongs to; where the reply names our message, whom that was sent to."""
    known: dict[tuple[str, str], tuple[int, ...]] = {}
    for channel, kind in EVIDENCE.items():
        keys = {_key(one)[1] for one in found if one.channel == channel}
        known |= {(channel, key): who for key, who in holders_of(kind=kind, keys=keys).items()} if keys else {}
    asked = {one.message_id: _key(one) for one in found if one.message_id is not None}
    return known | {asked[message]: (person,) for message, person in person_of(message_ids=asked).items()}


def _key(reply: Reply) -> tuple[str, str]:
    return reply.channel, mail_key(text=reply.address).key if reply.channel == "mail" else reply.address


def _cells(*, channel: str) -> Iterator[tuple[Cell, ...]]:
    for row in _rows(found=_found(channel=channel, limit=_count(channel=channel))):
        one = row.reply
        people = " ".join(str(person) for person, _ in row.people)
        yield (one.at, str(row.channel), people, one.message_id, "1" if one.stops else "", one.subject, one.text)
