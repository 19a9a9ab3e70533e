"""The page on which leaders say who writes to customers, when, and how often."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kizuna.act.outreach.forms import SettingsForm, initial_settings
from kizuna.act.outreach.operations import describe_sender
from kizuna.act.outreach.queries import settings_in_force
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.words import Words


@require_http_methods(["GET", "POST"])
def messaging(request: HttpRequest) -> HttpResponse:
    """Sender, quiet hours and limit."""
    settings = settings_in_force()
    form = SettingsForm(request.POST or None, initial=initial_settings(settings=settings))
    if request.method == "POST" and form.is_valid():
        describe_sender(**form.cleaned_data, actor=actor_of(request), now=present())
        notices.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect("outreach:settings")
    return render(request, "outreach/settings.html", {"form": form, "complete": settings.sender.complete})
