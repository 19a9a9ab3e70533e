"""Send what is due by mail: over SMTP when a server is set, else into the local outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from kizuna.act.outreach.queries.doubts import Doubt
from kizuna.act.outreach.rules import Sendable
from kizuna.connectors.channels.operations import Deliver, hand_over, send_slice, settle_forgotten
from kizuna.connectors.channels.rules import Accepted, Down, Refused, TakenBack, Verdict
from kizuna.connectors.mail.operations import outbox
from kizuna.connectors.mail.operations.smtp import Courier
from kizuna.connectors.mail.queries.configuration import Configuration, configuration
from kizuna.connectors.mail.rules import BadAddress, Letter, Sender, address_for_server, compose, header_id, verp
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

LIMIT = 20
_NO_SENDER = Words(
    ja="差出人または返信先のメールアドレスが正しくありません。メールの設定を確認してください。",
    en="The sender's address or the reply-to address is malformed. Please check the mail settings.",
)

_NO_FILE = Words(
    ja="ローカル送信箱に書き込めません（{why}）。空き容量と権限を確認してください。",
    en="The local outbox cannot be written ({why}). Please check free space and permissions.",
)


def send_due(*, now: datetime) -> int:
    """Send one slice of what is due; first clear up what an ended process has left. Answers how much was done."""
    settled = settle_forgotten(channel="mail", find=partial(_in_outbox, now=now), now=now)
    return settled + send_slice(channel="mail", open_provider=partial(_open, now=now), limit=LIMIT, now=now)


def _in_outbox(doubt: Doubt, *, now: datetime) -> str | None:
    name = token_of(key=doubt.key)
    held = outbox.holds(name=name, message_id=doubt.message_id, address=doubt.address, subject=doubt.subject, now=now)
    return f"outbox:{name}" if held else None


@contextmanager
def _open(*, now: datetime) -> Iterator[Deliver]:
    try:
        found = configuration()
    except SealBroken as broken:
        down = Down(words=broken.words)
        yield lambda _: down
        return
    if found.smtp is None:
        yield partial(_into_outbox, found=found, now=now)
        return
    courier = Courier(server=found.smtp, own_name=found.sender.domain)
    try:
        yield partial(_over_smtp, found=found, courier=courier, now=now)
    finally:
        courier.close()


def _over_smtp(message: Sendable, *, found: Configuration, courier: Courier, now: datetime) -> Verdict:
    try:
        to = address_for_server(address=message.address)
    except BadAddress:
        return Refused(why="bad_address", permanent=True)
    try:
        raw = _written(message=message, sender=found.sender, now=now)
    except BadAddress:
        return Down(words=_NO_SENDER)
    path = found.sender.return_path
    if found.tags_return_path:
        path = verp(return_path=path, key=message.key)
    verdict = courier.deliver(raw=raw, sender=path, to=to, hand_over=partial(_hand_over, message=message, now=now))
    return Accepted(provider_id=token_of(key=message.key)) if isinstance(verdict, Accepted) else verdict


def _into_outbox(message: Sendable, *, found: Configuration, now: datetime) -> Verdict:
    try:
        address_for_server(address=message.address)
        raw = _written(message=message, sender=found.sender, now=now)
    except BadAddress:
        return Refused(why="bad_address", permanent=True)
    if not _hand_over(message=message, now=now):
        return TakenBack()
    name = token_of(key=message.key)
    try:
        outbox.put(
            raw=raw, name=name, message_id=message.message_id, address=message.address, subject=message.subject, now=now
        )
    except OSError as error:  # a full disk: the file appears whole or not at all
        return Down(words=_NO_FILE.fill(why=error.strerror or str(error)))
    return Accepted(provider_id=f"outbox:{name}")


def _hand_over(*, message: Sendable, now: datetime) -> bool:
    return hand_over(
        channel="mail",
        message_id=message.message_id,
        attempt=message.attempt,
        reference=token_of(key=message.key),
        now=now,
    )


def _written(*, message: Sendable, sender: Sender, now: datetime) -> bytes:
    return compose(
        letter=Letter(
            to=message.address,
            header_id=header_id(key=message.key, domain=sender.domain),
            subject=message.subject,
            text=message.text,
            html=message.html,
            language=message.language,
            unsubscribe_url=message.unsubscribe_url,
        ),
        sender=Sender(
            name=sender.name or message.sender_name,
            mail=sender.mail,
            reply_to=sender.reply_to,
            return_path=sender.return_path,
        ),
        now=now,
    )
