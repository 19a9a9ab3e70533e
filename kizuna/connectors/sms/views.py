"""The SMS settings, and the door through which the service calls."""

from functools import partial

from django.conf import settings as configured
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kizuna.connectors.channels.views import hook_address, settings_page, try_out
from kizuna.connectors.sms.forms import SmsForm
from kizuna.connectors.sms.models import SmsSettings
from kizuna.connectors.sms.operations import save_settings, send_test, take_call
from kizuna.connectors.sms.queries import configuration
from kizuna.connectors.sms.rules import length_of
from kizuna.customers.staff.queries import present


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Account and sender, a test, a length counter."""
    row = SmsSettings.objects.filter(pk=1).first() or SmsSettings()
    counted = request.GET.get("text", "")[:2_000].replace("\r\n", "\n")
    return settings_page(
        request,
        channel="sms",
        form=SmsForm(request.POST or None, row=row),
        save=save_settings,
        configuration=configuration,
        more=lambda: {
            "counted": counted,
            "length": length_of(text=counted) if counted else None,
            **hook_address(view="sms_hook"),
        },
    )


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a message to one's own telephone."""
    send = partial(send_test, to=request.POST.get("to", ""), now=present())
    return try_out(request, channel="sms", send=send)


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
        now=present(),
    )
    return HttpResponse(status=204)
