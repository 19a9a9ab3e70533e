"""What the pages of all channels share: the settings page, the try-out, the way back, fields of their forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import lazystr

from kizuna.connectors.channels.queries import health
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.errors import Refusal
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

SECURITY = (
    ("starttls", "STARTTLS"),
    ("tls", "TLS (SSL)"),
    ("none", lazystr(Words(ja="暗号化なし（このサーバー内のみ）", en="None (this machine only)"))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the trail above a page's title."""

    href: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields of a form that belong together."""

    title: Words
    fields: tuple[forms.BoundField, ...]
    note: Words | None = None


class SettingsForm(Protocol):
    """The form of one channel's settings."""

    def is_valid(self) -> bool:
        """Whether what was filled in can be kept."""

    def change(self) -> Any:
        """What to keep, as the channel's ``save_settings`` takes it."""


def settings_page(
    request: HttpRequest,
    *,
    channel: str,
    form: SettingsForm,
    save: Callable[..., None],
    configuration: Callable[[], object],
    more: Callable[[], dict[str, object]],
) -> HttpResponse:
    """Keep what was filled in, or show the channel's settings, its health, and ``more`` of its own.

    Secrets that can no longer be opened are told on the page, which is where they are entered again.
    """
    if request.method == "POST" and form.is_valid():
        save(change=form.change(), actor=actor_of(request), now=present())
        messages.success(request, str(Words(ja="保存しました。", en="Saved.")))
        return redirect(f"{channel}:settings")
    found, broken = None, None
    try:
        found = configuration()
    except SealBroken as error:
        broken = error.words
    shared = {"form": form, "found": found, "broken": broken, "health": health(channel=channel), "trail": trail()}
    return render(request, f"{channel}/settings.html", shared | more())


def try_out(request: HttpRequest, *, channel: str, send: Callable[[], Words]) -> HttpResponse:
    """Send something to oneself and say how it went, back on the settings page."""
    try:
        messages.success(request, str(send()))
    except Refusal as refusal:
        messages.error(request, str(refusal.words))
    return redirect(f"{channel}:settings")


def hook_address(*, view: str) -> dict[str, object]:
    """Where the service is to call, and whether it can: it comes over the open internet and wants encryption."""
    return {"hook": settings.PUBLIC_URL + reverse(view), "hook_reachable": settings.PUBLIC_URL.startswith("https://")}


def trail(*further: Step) -> list[Step]:
    """The way from the settings to a channel's page."""
    return [
        Step(href=reverse("settings"), words=Words(ja="設定", en="Settings")),
        Step(href=reverse("channels"), words=Words(ja="配信経路", en="Channels")),
        *further,
    ]


def secret_field(*, label: Words, is_set: bool, token: bool = False) -> forms.CharField:
    """A secret that is entered and never shown; left empty it stays as it is.

    A ``token`` travels in a header, which holds plain letters and signs only.
    """
    hint = Words(ja="設定済み（変更するときだけ入力）", en="Set (enter only to change it)")
    attributes = {"autocomplete": "new-password", "placeholder": str(hint) if is_set else ""}
    return forms.CharField(
        required=False,
        strip=False,
        max_length=1000,
        label=lazystr(label),
        widget=forms.PasswordInput(render_value=False, attrs=attributes),
        validators=[_TOKEN] if token else [],
    )


_TOKEN = RegexValidator(
    r"\A\s*[\x21-\x7e]*\s*\Z",
    message=lazystr(
        Words(
            ja="全角文字や空白、改行は使えません。コピーした値をそのまま貼り付けてください。",
            en="No wide letters, blanks or line ends: paste the value just as it was copied.",
        )
    ),
)


def given(value: str) -> str | None:
    """What a secret field says: a new secret, or None for «as it is»."""
    return value or None


def api_field(*, hint: Words) -> forms.CharField:
    """The address of a service's interface; empty means the usual one."""
    return forms.CharField(
        required=False,
        max_length=200,
        label=lazystr(Words(ja="APIのアドレス", en="Address of the interface")),
        help_text=lazystr(hint),
        validators=[
            RegexValidator(
                r"\Ahttps?://[A-Za-z0-9.:\[\]-]+/?\Z",
                message=lazystr(
                    Words(
                        ja="https:// から始まるアドレスを、パスなしで入力してください（例 https://api.example.jp）。",
                        en="Enter an address that begins with https:// and has no path (https://api.example.jp).",
                    )
                ),
            )
        ],
    )
