"""The customer's way out. GET shows, POST stops; a scanner that follows every link stops nothing."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kizuna.act.outreach.operations import opened, resubscribe, unsubscribe
from kizuna.act.outreach.queries import WAYS, WayOut, settings_in_force, way_out
from kizuna.act.outreach.rules import CHANNELS, LinkForged
from kizuna.act.outreach.rules.links import message_of_picture
from kizuna.customers.staff.queries import present
from kizuna.errors import Refusal
from kizuna.gates.links import kept_private
from kizuna.words import Words

_DOT = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
"""The smallest transparent picture."""
LANGUAGES = {"ja": "日本語", "en": "English"}


@csrf_exempt  # The link itself is the proof; a mail program's one-click POST (RFC 8058) brings no cookies.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what can be stopped, or stop it."""
    wanted = request.POST.get("lang") or request.GET.get("lang", "")
    try:
        way = way_out(token=token)
    except LinkForged as refusal:
        language = wanted if wanted in LANGUAGES else ("en" if translation.get_language() == "en" else "ja")
        return _show(request, language=language, context={"refusal": refusal}, status=404)
    language = wanted if wanted in LANGUAGES else way.language
    if request.method == "POST":
        return _take(request, token=token, way=way, language=language)
    state = "stopped" if way.stopped else "ask"
    return _show(request, language=language, context=_context(way=way, state=state, stopped=way.stopped))


@never_cache
@require_http_methods(["GET", "HEAD"])
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The invisible picture of a mail. Whatever the token, the answer is the picture."""
    if request.method == "GET":
        with suppress(Refusal):
            opened(message_id=message_of_picture(token=token), now=present())
    return HttpResponse(_DOT, content_type="image/gif")


def _take(request: HttpRequest, *, token: str, way: WayOut, language: str) -> HttpResponse:
    now, ip = present(), request.META.get("REMOTE_ADDR") or None
    if request.POST.get("act") == "resume":
        resubscribe(token=token, now=now, ip=ip)
        return _show(request, language=language, context=_context(way=way, state="resumed"))
    # A mail program's one click says nothing of how much is meant.
    everything = {"1": True, "0": False}.get(request.POST.get("everything", ""))
    done = unsubscribe(token=token, now=now, everything=everything, ip=ip)
    return _show(request, language=language, context=_context(way=way, state="done", stopped=done.purposes))


def _context(*, way: WayOut, state: str, stopped: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "way": way,
        "state": state,
        "channel": CHANNELS.get(way.channel, Words(ja=way.channel, en=way.channel)),
        "purpose": WAYS[way.purpose],
        "stopped": [WAYS[purpose] for purpose in stopped],
    }


def _show(request: HttpRequest, *, language: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    with translation.override(language):
        links = [(code, name, f"?lang={code}", code == language) for code, name in LANGUAGES.items()]
        shown = {**context, "languages": links, "sender": settings_in_force().sender}
        response = render(request, "outreach/public.html", shown, status=status)
    response["Content-Language"] = language
    return kept_private(response=response)
