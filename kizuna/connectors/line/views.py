"""The LINE settings, and the door through which LINE calls."""

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kizuna.connectors.channels.views import hook_address, settings_page, try_out
from kizuna.connectors.line.forms import LineForm
from kizuna.connectors.line.models import LineSettings
from kizuna.connectors.line.operations import receive, save_settings, send_test
from kizuna.connectors.line.operations.events import NotAnEvent
from kizuna.connectors.line.queries import configuration, quota, recent_friends
from kizuna.customers.staff.queries import present


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Token, secret, quota, and a test."""
    row = LineSettings.objects.filter(pk=1).first() or LineSettings()
    return settings_page(
        request,
        channel="line",
        form=LineForm(request.POST or None, row=row),
        save=save_settings,
        configuration=configuration,
        more=lambda: {"quota": quota(), "friends": recent_friends(limit=5), **hook_address(view="line_hook")},
    )


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Push a message to oneself."""
    send = partial(send_test, to=request.POST.get("to", ""), now=present())
    return try_out(request, channel="line", send=send)


@csrf_exempt
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """LINE's webhook: signed, kept, answered; the worker acts upon it."""
    try:
        raw = request.body
    except RawPostDataException as error:  # sent as a form, which LINE never does
        raise NotAnEvent from error
    receive(raw=raw, signature=request.headers.get("X-Line-Signature", ""), now=present())
    return JsonResponse({})
