"""The pages of mail: settings, returned mail, and the local outbox."""

from functools import partial

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.connectors.channels.views import Step, settings_page, trail, try_out
from kizuna.connectors.mail.forms import MailForm
from kizuna.connectors.mail.models import MailSettings
from kizuna.connectors.mail.operations import save_settings, send_test, set_aside
from kizuna.connectors.mail.queries import configuration, letter, letters, return_named, returned, returned_counts
from kizuna.connectors.mail.queries.returned import STATES
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, number_of, user_of
from kizuna.gates.sanitise_html import sanitise_html
from kizuna.words import Words

PAGE = 50
RETURNED = Words(ja="戻ってきたメール", en="Returned mail")
OUTBOX = Words(ja="ローカル送信箱", en="Local outbox")
MAIL = Words(ja="メールの設定", en="Mail settings")


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """How mail is sent, and where bounces are read."""
    row = MailSettings.objects.filter(pk=1).first() or MailSettings()
    return settings_page(
        request,
        channel="mail",
        form=MailForm(request.POST or None, row=row),
        save=save_settings,
        configuration=configuration,
        more=lambda: {"counts": returned_counts(), "me": user_of(request).email},
    )


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a mail to oneself."""
    send = partial(send_test, to=user_of(request).email, now=present())
    return try_out(request, channel="mail", send=send)


@require_GET
def returns(request: HttpRequest) -> HttpResponse:
    """What came back, first of all what nobody could assign."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    found = returned(state=state, before_id=number_of(request.GET.get("before", "")), limit=PAGE + 1)
    counts = returned_counts()
    context = {
        "mails": found[:PAGE],
        "older": found[PAGE - 1].return_id if len(found) > PAGE else None,
        "state": state,
        "states": [(name, words, counts.get(name, 0)) for name, words in STATES.items()],
        "trail": trail(Step(href=reverse("mail:settings"), words=MAIL)),
    }
    return render(request, "mail/returns.html", context)


@require_GET
def return_page(request: HttpRequest, return_id: int) -> HttpResponse:
    """One mail that came back, as text."""
    steps = (Step(href=reverse("mail:settings"), words=MAIL), Step(href=reverse("mail:returns"), words=RETURNED))
    return render(request, "mail/return.html", {"mail": return_named(return_id=return_id), "trail": trail(*steps)})


@require_POST
def return_aside(request: HttpRequest, return_id: int) -> HttpResponse:
    """A person has looked at it."""
    set_aside(return_id=return_id, actor=actor_of(request), now=present())
    messages.success(request, str(Words(ja="対応不要にしました。", en="Marked as done.")))
    return redirect("mail:returns")


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that went into the local outbox."""
    search = request.GET.get("q", "").strip()[:200]
    found = letters(search=search, before_id=number_of(request.GET.get("before", "")), limit=PAGE + 1)
    context = {
        "mails": found[:PAGE],
        "older": found[PAGE - 1].mail_id if len(found) > PAGE else None,
        "search": search,
        "trail": trail(),
    }
    return render(request, "mail/outbox.html", context)


@require_GET
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its types know no further arguments
def outbox_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail as it would arrive."""
    steps = trail(Step(href=reverse("outbox:list"), words=OUTBOX))
    return render(request, "mail/letter.html", {"letter": letter(mail_id=mail_id), "trail": steps})


@require_GET
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {
        **{name: ["'none'"] for name in ("default-src", "script-src", "img-src", "connect-src", "manifest-src")},
        "style-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups"],
    }
)
def outbox_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The HTML part alone, cleaned, for the sandboxed frame on the mail's page."""
    return render(request, "mail/letter_html.html", {"html": sanitise_html(html=letter(mail_id=mail_id).html)})


@require_GET
def outbox_raw(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail's very bytes."""
    found = letter(mail_id=mail_id)
    answer = HttpResponse(found.raw, content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="kizuna-mail-{mail_id}.eml"'
    return answer
