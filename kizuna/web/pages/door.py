"""What every page's door needs: who asks, and where to go back to."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kizuna.customers.staff.models import User
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the trail above a page's title."""

    href: str
    words: Words


def user_of(request: HttpRequest) -> User:
    """The member of staff who asks; the access table has let nobody else in."""
    return cast("User", request.user)


def actor_of(request: HttpRequest) -> str:
    """The asker as the audit log names them."""
    return f"user:{user_of(request).pk}"


def stores_of(request: HttpRequest) -> frozenset[str] | None:
    """The store codes the asker may see; None means all."""
    return cast("frozenset[str] | None", getattr(request, "staff_stores", frozenset()))


def back(request: HttpRequest, *, otherwise: str = "home") -> HttpResponse:
    """Return to the page the form names, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(reverse(otherwise))


def settings_trail() -> list[Step]:
    """The way from the settings page."""
    return [Step(href=reverse("settings"), words=Words(ja="設定", en="Settings"))]
