"""The ways to customers on one page: which works, what is wrong, and which messages wait for a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kizuna.act.outreach.operations import settle
from kizuna.act.outreach.queries import Doubt, doubt_tally, doubts, template_titles
from kizuna.act.outreach.rules import CHANNELS, reason_words
from kizuna.connectors.channels.queries import Health, health
from kizuna.connectors.line import queries as line
from kizuna.connectors.mail import queries as mail
from kizuna.connectors.sms import queries as sms
from kizuna.customers.people.queries import names_of
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, user_of
from kizuna.facts.rows.queries import tallied
from kizuna.gates.mask import mask_mail, mask_phone
from kizuna.gates.seal import SealBroken
from kizuna.web.access import is_allowed
from kizuna.web.pages.door import settings_trail
from kizuna.words import Words

SHOWN = 100
OUTCOMES = ("sent", "again", "not_sent")
_SAID = {
    "sent": Words(ja="「届いていた」として記録しました。", en="Recorded as arrived."),
    "again": Words(ja="もう一度送ります。", en="It will be sent again."),
    "not_sent": Words(ja="「送らない」として記録しました。", en="Recorded as not sent."),
}
_WORKS = Words(ja="送信できます", en="Ready")
_UNTRIED = Words(ja="設定済み・この設定での送信はまだ", en="Set up, nothing sent with these settings yet")
_OFF = Words(ja="未設定", en="Not set up")
_OUTBOX = Words(ja="ローカル送信箱に保存中", en="Into the local outbox")
_RESTS = Words(ja="再試行待ち", en="Waiting to try again")
_BROKEN = Words(ja="停止中", en="Stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCard:
    """One way to customers."""

    view: str
    icon: str
    name: Words
    state: Words
    tone: str
    about: str
    health: Health
    trouble: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtRow:
    """One message whose outcome a person has to find out."""

    doubt: Doubt
    name: str
    address: str
    channel: Words
    title: Words
    note: str


@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    """Which channel works, last send, last error, quota, and the messages in doubt."""
    found = doubts(limit=SHOWN)
    names = names_of(person_ids=[doubt.person_id for doubt in found])
    titles = template_titles() if found else {}
    context = {
        "cards": [_mail(), _line(), _sms()],
        "may_change": is_allowed(user=user_of(request), view="mail:settings"),
        "quota": line.quota(),
        "counts": mail.returned_counts(),
        "doubt_count": tallied(parts=[doubt_tally()])["doubts"],
        "doubts": [_row(doubt, names=names, titles=titles) for doubt in found],
        "trail": settings_trail(),
    }
    return render(request, "pages/channels.html", context)


@require_POST
def channel_settle(request: HttpRequest, message_id: int) -> HttpResponse:
    """A person has found out what became of a message, on the page of channels or on the message's own."""
    outcome = request.POST.get("outcome", "")
    if outcome in OUTCOMES:
        settle(message_id=message_id, outcome=outcome, actor=actor_of(request), now=present())
        messages.success(request, str(_SAID[outcome]))
    if request.POST.get("back") == "message":
        return redirect("outreach:message", message_id)
    return redirect("channels")


def _mail() -> ChannelCard:
    try:
        found, broken = mail.configuration(), None
    except SealBroken as error:
        found, broken = None, error.words
    at = health(channel="mail")
    about = f"{found.smtp.host}:{found.smtp.port}" if found and found.smtp else ""
    works = _WORKS if found is None or found.smtp else _OUTBOX
    return _card(view="mail:settings", icon="mail", name=Words(ja="メール", en="Mail"), about=about, works=works,
                 ready=True, at=at, broken=broken)  # fmt: skip


def _line() -> ChannelCard:
    try:
        ready, broken = bool(line.configuration().access_token), None
    except SealBroken as error:
        ready, broken = True, error.words
    name = Words(ja="LINE", en="LINE")
    return _card(view="line:settings", icon="brand-line", name=name, about="", works=_WORKS, ready=ready,
                 at=health(channel="line"), broken=broken)  # fmt: skip


def _sms() -> ChannelCard:
    try:
        found = sms.configuration()
        ready, about, broken = found.complete, found.sender, None
    except SealBroken as error:
        ready, about, broken = True, "", error.words
    name = Words(ja="SMS", en="SMS")
    return _card(view="sms:settings", icon="device-mobile-message", name=name, about=about, works=_WORKS, ready=ready,
                 at=health(channel="sms"), broken=broken)  # fmt: skip


def _card(
    *, view: str, icon: str, name: Words, about: str, works: Words, ready: bool, at: Health, broken: Words | None
) -> ChannelCard:
    state, tone = works, "good"
    if not ready:
        state, tone = _OFF, "plain"
    elif broken:
        state, tone = _BROKEN, "open"
    elif at.failure is not None:
        state, tone = _RESTS, "open"
    elif works is _OUTBOX:
        tone = "plain"
    elif not at.proven:  # settings that were never used are a hope, not «ready»
        state, tone = _UNTRIED, "plain"
    trouble = broken or at.failure
    return ChannelCard(view=view, icon=icon, name=name, state=state, tone=tone, about=about, health=at, trouble=trouble)


def _row(doubt: Doubt, *, names: Mapping[int, str], titles: Mapping[str, Words]) -> DoubtRow:
    return DoubtRow(
        doubt=doubt,
        name=names.get(doubt.person_id, ""),
        address=_masked(doubt),
        channel=CHANNELS.get(doubt.channel) or Words(ja=doubt.channel, en=doubt.channel),
        title=titles.get(doubt.template) or Words(ja=doubt.template, en=doubt.template),
        note=str(reason_words(slug=doubt.note)),
    )


def _masked(doubt: Doubt) -> str:
    if doubt.channel == "mail":
        return mask_mail(mail=doubt.address)
    return mask_phone(phone=doubt.address) if doubt.channel == "sms" else ""
