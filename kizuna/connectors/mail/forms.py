"""The form of the mail settings."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.functional import lazystr

from kizuna.connectors.channels.views import SECURITY, Group, given, secret_field
from kizuna.connectors.mail.models import MailSettings
from kizuna.connectors.mail.operations import MailChange
from kizuna.connectors.mail.rules import BadAddress, address_for_server
from kizuna.gates.egress import is_loopback
from kizuna.words import Words

_HOST = RegexValidator(
    r"\A[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?\Z",
    message=lazystr(Words(ja="ホスト名だけを入力してください（例 smtp.example.jp）。", en="Enter a host name only.")),
)
_PORT = (MinValueValidator(1), MaxValueValidator(65535))
_PLAIN_REMOTE = Words(
    ja="暗号化なしは、このサーバー自身（127.0.0.1）のメールサーバーに限られます。",
    en="No encryption is only possible to a mail server on this machine (127.0.0.1).",
)


def _text(*, ja: str, en: str, help_ja: str = "", help_en: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=more.pop("max_length", 254),
        label=lazystr(Words(ja=ja, en=en)),
        help_text=lazystr(Words(ja=help_ja, en=help_en)),
        **more,
    )


def _address(*, ja: str, en: str, help_ja: str = "", help_en: str = "") -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"})
    return _text(ja=ja, en=en, help_ja=help_ja, help_en=help_en, widget=widget)


class MailForm(forms.Form):
    """Sender, mail server and return mailbox. The secrets are write-only."""

    sender_name = _text(
        ja="差出人の名前", en="Sender's name", max_length=120, help_ja="例 絆商店", help_en="e.g. Kizuna Shop"
    )
    sender_mail = _address(ja="差出人のメールアドレス", en="Sender's address")
    reply_to = _address(
        ja="返信先", en="Replies go to", help_ja="空欄なら差出人に届きます。", help_en="Empty: to the sender."
    )
    host = _text(
        ja="SMTPサーバー",
        en="SMTP server",
        help_ja="空欄の間、メールは送信されず、ローカル送信箱に入ります。",
        help_en="While this is empty no mail leaves; all of it goes into the local outbox.",
        validators=[_HOST],
    )
    port = forms.IntegerField(label=lazystr(Words(ja="ポート", en="Port")), initial=587, validators=_PORT)
    security = forms.ChoiceField(label=lazystr(Words(ja="暗号化", en="Encryption")), choices=SECURITY)
    username = _text(ja="ユーザー名", en="User name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    return_path = _address(
        ja="エラーメールの宛先",
        en="Bounces go to",
        help_ja="届かなかった知らせを受け取る専用のアドレスです。空欄なら差出人に戻ります。",
        help_en="An address of its own for notices of failure. Empty: they return to the sender.",
    )
    tags_return_path = forms.BooleanField(
        required=False,
        label=lazystr(Words(ja="宛先に目印（+kz…）を付ける", en="Mark it for each mail (+kz…)")),
        help_text=lazystr(
            Words(
                ja="どの配信が戻ったか確実に分かります。メールサーバーが「+」付きの宛先を受け取れる場合に使えます。",
                en="Tells for certain which message came back. The mail server must accept addresses with a plus sign.",
            )
        ),
    )
    imap_host = _text(
        ja="IMAPサーバー",
        en="IMAP server",
        help_ja="エラーメール専用のメールボックスを指定してください。読むだけで、中身は変更しません。",
        help_en="Name a mailbox of its own for bounces. It is only read, never changed.",
        validators=[_HOST],
    )
    imap_port = forms.IntegerField(label=lazystr(Words(ja="ポート", en="Port")), initial=993, validators=_PORT)
    imap_security = forms.ChoiceField(label=lazystr(Words(ja="暗号化", en="Encryption")), choices=SECURITY)
    imap_username = _text(ja="ユーザー名", en="User name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    imap_folder = _text(
        ja="フォルダ", en="Folder", max_length=120, validators=[RegexValidator(r"\A[\x20-\x7e]*\Z")], initial="INBOX"
    )

    def __init__(self, data: Any = None, *, row: MailSettings) -> None:
        """``row`` holds the settings in force."""
        plain = [name for name in self.base_fields if hasattr(row, name)]
        super().__init__(data, initial={name: getattr(row, name) for name in plain})
        label = Words(ja="パスワード", en="Password")
        self.fields["password"] = secret_field(label=label, is_set=bool(row.password_sealed))
        self.fields["imap_password"] = secret_field(label=label, is_set=bool(row.imap_password_sealed))

    def groups(self) -> list[Group]:
        """The fields in the order in which a person thinks of them."""
        return [
            self._group(Words(ja="差出人", en="Sender"), "sender_name", "sender_mail", "reply_to"),
            self._group(
                Words(ja="送信サーバー（SMTP）", en="Outgoing server (SMTP)"),
                *("host", "port", "security", "username", "password"),
            ),
            self._group(
                Words(ja="届かなかったメールの受け取り（IMAP）", en="Returned mail (IMAP)"),
                *("return_path", "tags_return_path", "imap_host", "imap_port", "imap_security"),
                *("imap_username", "imap_password", "imap_folder"),
            ),
        ]

    def _group(self, title: Words, *names: str) -> Group:
        return Group(title=title, fields=tuple(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        """Addresses that servers take, and no password over an open line."""
        cleaned = super().clean() or {}
        for name in ("sender_mail", "reply_to", "return_path"):
            try:
                if cleaned.get(name):
                    address_for_server(address=cleaned[name])
            except BadAddress as bad:
                self.add_error(name, str(bad.words))
        if cleaned.get("host") and not cleaned.get("sender_mail"):
            missing = Words(ja="差出人のアドレスが必要です。", en="A sender's address is needed.")
            self.add_error("sender_mail", str(missing))
        for host, security in (("host", "security"), ("imap_host", "imap_security")):
            if cleaned.get(host) and cleaned.get(security) == "none" and not is_loopback(host=cleaned[host]):
                self.add_error(security, str(_PLAIN_REMOTE))
        return cleaned

    def change(self) -> MailChange:
        """What to keep."""
        values = dict(self.cleaned_data)
        for name in ("password", "imap_password"):
            values[name] = given(values[name])
        values["imap_folder"] = values["imap_folder"] or "INBOX"
        return MailChange(**values)
