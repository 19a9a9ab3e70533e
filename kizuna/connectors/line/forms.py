"""The form of the LINE settings."""

from typing import Any

from django import forms

from kizuna.connectors.channels.views import Group, api_field, given, secret_field
from kizuna.connectors.line.models import API, LineSettings
from kizuna.connectors.line.operations import LineChange
from kizuna.words import Words


class LineForm(forms.Form):
    """Token and secret, both write-only, and where LINE's interface is."""

    api_url = api_field(hint=Words(ja="通常は変更しません。", en="Usually left as it is."))

    def __init__(self, data: Any = None, *, row: LineSettings) -> None:
        """``row`` holds the settings in force."""
        super().__init__(data, initial={"api_url": row.api_url or API})
        self.fields["access_token"] = secret_field(
            label=Words(ja="チャネルアクセストークン（長期）", en="Channel access token (long-lived)"),
            is_set=bool(row.access_token_sealed),
            token=True,
        )
        self.fields["channel_secret"] = secret_field(
            label=Words(ja="チャネルシークレット", en="Channel secret"),
            is_set=bool(row.channel_secret_sealed),
            token=True,
        )

    def groups(self) -> list[Group]:
        """The fields in order."""
        note = Words(
            ja="LINE Developersコンソールの「Messaging API設定」と「チャネル基本設定」に表示されています。",
            en="The LINE Developers console shows both, under “Messaging API” and “Basic settings”.",
        )
        names = ("access_token", "channel_secret", "api_url")
        title = Words(ja="LINE公式アカウント", en="LINE official account")
        return [Group(title=title, fields=tuple(self[name] for name in names), note=note)]

    def change(self) -> LineChange:
        """What to keep."""
        values = self.cleaned_data
        return LineChange(
            access_token=given(values["access_token"]),
            channel_secret=given(values["channel_secret"]),
            api_url=(values["api_url"] or API).rstrip("/"),
        )
