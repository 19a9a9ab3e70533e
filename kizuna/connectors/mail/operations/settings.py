"""Keep the mail settings, and try them out."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kizuna.connectors.channels.operations import told, wake
from kizuna.connectors.mail.models import MailSettings
from kizuna.connectors.mail.operations import outbox
from kizuna.connectors.mail.operations.smtp import Courier
from kizuna.connectors.mail.queries.configuration import configuration
from kizuna.connectors.mail.rules import Letter, address_for_server, compose, header_id
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.facts.audit.operations import record
from kizuna.gates.seal import seal
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChange:
    """The settings as the form gives them. A password of None stays as it is; an empty one is removed."""

    sender_name: str = ""
    sender_mail: str = ""
    reply_to: str = ""
    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str | None = field(default=None, repr=False)
    return_path: str = ""
    tags_return_path: bool = False
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = "tls"
    imap_username: str = ""
    imap_password: str | None = field(default=None, repr=False)
    imap_folder: str = "INBOX"


_PLAIN = (
    *("sender_name", "sender_mail", "reply_to", "host", "port", "security", "username", "return_path"),
    *("tags_return_path", "imap_host", "imap_port", "imap_security", "imap_username", "imap_folder"),
)


@transaction.atomic
def save_settings(*, change: MailChange, actor: str, now: datetime) -> None:
    """Keep the settings; passwords are sealed, and the audit log tells that they changed, not what they are.

    Raises: BadAddress.
    """
    for address in (change.sender_mail, change.reply_to, change.return_path):
        if address:
            address_for_server(address=address)
    row = MailSettings.objects.filter(pk=1).first() or MailSettings(pk=1)
    changed = [name for name in _PLAIN if getattr(row, name) != getattr(change, name)]
    for name in _PLAIN:
        setattr(row, name, getattr(change, name))
    if change.password is not None:
        row.password_sealed = seal(text=change.password)
        changed.append("password")
    if change.imap_password is not None:
        row.imap_password_sealed = seal(text=change.imap_password)
        changed.append("imap_password")
    row.returns_due_at, row.returns_failure_ja, row.returns_failure_en = None, "", ""
    row.save()
    wake(channel="mail", changed=bool(changed))
    record(actor=actor, action="mail.settings", target="channel:mail", detail={"changed": changed}, now=now)


def send_test(*, to: str, now: datetime) -> Words:
    """Send a mail to a member of staff with the settings in force; answers a sentence that says where it went.

    Raises: TestFailed, BadAddress, SealBroken.
    """
    found = configuration()
    key = secrets.token_hex(16)
    subject = Words(ja="Kizuna からのテストメール", en="Test mail from Kizuna")
    text = Words(
        ja="このメールが届いていれば、メール送信の設定は完了です。\nKizuna",
        en="If this mail has arrived, sending works.\nKizuna",
    )
    recipient = address_for_server(address=to)
    letter = Letter(
        to=to, header_id=header_id(key=key, domain=found.sender.domain), subject=str(subject), text=str(text)
    )
    raw = compose(letter=letter, sender=found.sender, now=now)
    if found.smtp is None:
        outbox.put(raw=raw, name=token_of(key=key), message_id=None, address=to, subject=str(subject), now=now)
        return Words(
            ja="ローカル送信箱に保存しました。SMTPサーバーが未設定のため、まだ送信されていません。",
            en="It lies in the local outbox: no SMTP server is set, so nothing was sent.",
        )
    courier = Courier(server=found.smtp, own_name=found.sender.domain)
    try:
        verdict = courier.deliver(raw=raw, sender=found.sender.return_path, to=recipient, hand_over=lambda: True)
    finally:
        courier.close()
    return told(
        channel="mail",
        verdict=verdict,
        taken=Words(
            ja="メールサーバーが受け付けました。{to} に届くか確認してください。",
            en="The mail server took it. Please see whether it arrives at {to}.",
        ).fill(to=to),
        declined=Words(
            ja="メールサーバーに断られました（{why}）。", en="The mail server refused the test mail ({why})."
        ),
    )
