"""The SMS settings, and the door through which the service calls."""

from django.conf import settings as configured
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kizuna.connectors.channels.queries import health
from kizuna.connectors.channels.views import answer_test, trail
from kizuna.connectors.sms.forms import SmsForm
from kizuna.connectors.sms.models import SmsSettings
from kizuna.connectors.sms.operations import save_settings, send_test, take_call
from kizuna.connectors.sms.queries import configuration, received
from kizuna.connectors.sms.rules import length_of
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Refusal
from kizuna.gates.seal import SealBroken
from kizuna.words import Words


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Account and sender, a test, a length counter, and what customers texted back."""
    row = SmsSettings.objects.filter(pk=1).first() or SmsSettings()
    form = SmsForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        save_settings(change=form.change(), actor=actor_of(request), now=timezone.now())
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("sms:settings")
    try:
        found, broken = configuration(), None
    except SealBroken as error:
        found, broken = None, error.words
    counted = request.GET.get("text", "")[:2_000].replace("\r\n", "\n")
    context = {
        "form": form,
        "found": found,
        "broken": broken,
        "health": health(channel="sms"),
        "counted": counted,
        "length": length_of(text=counted) if counted else None,
        "received": received(limit=20),
        "hook": configured.PUBLIC_URL + reverse("sms_hook"),
        "hook_reachable": configured.PUBLIC_URL.startswith("https://"),
        "trail": trail(),
    }
    return render(request, "sms/settings.html", context)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a message to one's own telephone."""
    try:
        answer_test(request, said=send_test(to=request.POST.get("to", ""), now=timezone.now()))
    except Refusal as refusal:
        answer_test(request, said=refusal)
    return redirect("sms:settings")


@csrf_exempt
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """The service's calls: statuses of our messages, and texts from customers."""
    query = request.META.get("QUERY_STRING", "")
    # Behind a proxy our own idea of the address is the inner one; the service signs the public one.
    url = configured.PUBLIC_URL + request.path + (f"?{query}" if query else "")
    take_call(
        url=url,
        parameters=[(name, value) for name, values in request.POST.lists() for value in values],
        headers={name.lower(): value for name, value in request.headers.items()},
        name=request.GET.get("m", ""),
        now=timezone.now(),
    )
    return HttpResponse(status=204)
