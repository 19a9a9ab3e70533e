"""What a page reads from its address, and where it leads back to."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the trail above a page's title."""

    href: str
    words: Words


def back(request: HttpRequest, *, otherwise: str = "home") -> HttpResponse:
    """Return to the page the form names, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(reverse(otherwise))


def one_of(*, text: str | None, choices: Collection[int], otherwise: int) -> int:
    """The choice an address names. Compared as text: ``int`` stumbles over «²» and over 5,000 digits."""
    return next((choice for choice in choices if str(choice) == text), otherwise)


def number_in(*, text: str | None) -> int | None:
    """A row's number in an address; None when it is none, or larger than any row's."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def settings_trail() -> list[Step]:
    """The way from the settings page."""
    return [Step(href=reverse("settings"), words=Words(ja="設定", en="Settings"))]
