"""What the pages of all channels share: the way back, secrets in forms, a sentence after an action."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazystr

from kizuna.errors import Refusal
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


def trail(*further: Step) -> list[Step]:
    """The way from the settings to a channel's page."""
    return [
        Step(href=reverse("settings"), words=Words(ja="設定", en="Settings")),
        Step(href=reverse("channels"), words=Words(ja="配信経路", en="Channels")),
        *further,
    ]


def secret_field(*, label: Words, is_set: bool) -> forms.CharField:
    """A secret that is entered and never shown; left empty it stays as it is."""
    hint = Words(ja="設定済み（変更するときだけ入力）", en="Set (enter only to change it)")
    attributes = {"autocomplete": "new-password", "placeholder": str(hint) if is_set else ""}
    return forms.CharField(
        required=False,
        strip=False,
        max_length=1000,
        label=lazystr(label),
        widget=forms.PasswordInput(render_value=False, attrs=attributes),
    )


def given(value: str) -> str | None:
    """What a secret field says: a new secret, or None for «as it is»."""
    return value or None


def answer_test(request: HttpRequest, *, said: Words | Refusal) -> None:
    """Show how a test went."""
    if isinstance(said, Refusal):
        messages.error(request, str(said.words))
    else:
        messages.success(request, str(said))
