"""The form of the SMS settings."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import lazystr

from kizuna.connectors.channels.views import Group, api_field, given, secret_field
from kizuna.connectors.sms.models import API, SmsSettings
from kizuna.connectors.sms.operations import SmsChange
from kizuna.words import Words


class SmsForm(forms.Form):
    """Account, token (write-only), sender, and where the service is."""

    account_sid = forms.CharField(
        required=False,
        max_length=64,
        label=lazystr(Words(ja="アカウントSID", en="Account SID")),
        validators=[RegexValidator(r"\A[A-Za-z0-9_-]*\Z")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender = forms.CharField(
        required=False,
        max_length=64,
        label=lazystr(Words(ja="送信元", en="Sender")),
        help_text=lazystr(
            Words(
                ja="電話番号（+81…）、英字の送信者名、または MG で始まるサービスID",
                en="A number (+81…), a sender name, or a service id that begins with MG",
            )
        ),
        validators=[RegexValidator(r"\A[+A-Za-z0-9 ._-]*\Z")],
    )
    api_url = api_field(
        hint=Words(
            ja="Twilio 互換のサービスを使う場合に変更します。", en="Change it for another service of the same kind."
        )
    )

    def __init__(self, data: Any = None, *, row: SmsSettings) -> None:
        """``row`` holds the settings in force."""
        plain = {"account_sid": row.account_sid, "sender": row.sender, "api_url": row.api_url or API}
        super().__init__(data, initial=plain)
        self.fields["auth_token"] = secret_field(
            label=Words(ja="認証トークン", en="Auth token"), is_set=bool(row.auth_token_sealed), token=True
        )

    def groups(self) -> list[Group]:
        """The fields in order."""
        names = ("account_sid", "auth_token", "sender", "api_url")
        title = Words(ja="SMSサービス（Twilio互換）", en="SMS service (Twilio's interface)")
        return [Group(title=title, fields=tuple(self[name] for name in names))]

    def change(self) -> SmsChange:
        """What to keep."""
        values = self.cleaned_data
        return SmsChange(
            account_sid=values["account_sid"],
            auth_token=given(values["auth_token"]),
            sender=values["sender"],
            api_url=(values["api_url"] or API).rstrip("/"),
        )
