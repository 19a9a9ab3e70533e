"""The LINE settings, and the door through which LINE calls."""

from django.conf import settings as configured
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kizuna.connectors.channels.queries import health
from kizuna.connectors.channels.views import answer_test, trail
from kizuna.connectors.line.forms import LineForm
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.line.operations import receive, save_settings, send_test
from kizuna.connectors.line.operations.events import NotAnEvent
from kizuna.connectors.line.queries import configuration, quota, recent_friends
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Refusal
from kizuna.gates.seal import SealBroken
from kizuna.words import Words


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Token, secret, quota, and a test."""
    row = LineSettings.objects.filter(pk=1).first() or LineSettings()
    form = LineForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        save_settings(change=form.change(), actor=actor_of(request), now=timezone.now())
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("line:settings")
    try:
        found, broken = configuration(), None
    except SealBroken as error:
        found, broken = None, error.words
    context = {
        "form": form,
        "found": found,
        "broken": broken,
        "health": health(channel="line"),
        "quota": quota(),
        "friends": recent_friends(limit=5),
        "hook": configured.PUBLIC_URL + reverse("line_hook"),
        "hook_reachable": configured.PUBLIC_URL.startswith("https://"),
        "trail": trail(),
    }
    return render(request, "line/settings.html", context)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Push a message to oneself."""
    try:
        answer_test(request, said=send_test(to=request.POST.get("to", ""), now=timezone.now()))
    except Refusal as refusal:
        answer_test(request, said=refusal)
    return redirect("line:settings")


@csrf_exempt
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """LINE's webhook: signed, kept, answered; the worker acts upon it."""
    try:
        raw = request.body
    except RawPostDataException as error:  # sent as a form, which LINE never does
        raise NotAnEvent from error
    receive(raw=raw, signature=request.headers.get("X-Line-Signature", ""), now=timezone.now())
    return JsonResponse({})
