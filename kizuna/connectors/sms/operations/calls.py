"""The service's calls: what became of a message, and texts from customers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.operations import accepted, bounced, delivered, replied
from kizuna.act.outreach.operations.suppress import suppress_digest
from kizuna.act.outreach.rules.digest import address_digest
from kizuna.connectors.channels.queries import message_of
from kizuna.connectors.sms.models import SmsReceived
from kizuna.connectors.sms.queries import configuration
from kizuna.connectors.sms.rules import is_gone, is_signed, is_stop_word
from kizuna.errors import NotAllowed, Refusal
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

_TAKEN = frozenset({"accepted", "queued", "scheduled", "sending", "sent"})
_FAILED = frozenset({"undelivered", "failed"})


class NotFromProvider(NotAllowed):
    """The call is not signed with our token."""

    code = "not_from_sms_provider"

    def __init__(self) -> None:
        super().__init__(Words(ja="署名が正しくありません。", en="The signature is not valid."))


def take_call(
    *, url: str, parameters: Iterable[tuple[str, str]], headers: Mapping[str, str], name: str, now: datetime
) -> None:
    """One signed call. ``name`` is the message's name in the address; calls repeat and come out of order.

    Raises: NotFromProvider.
    """
    try:
        token = configuration().auth_token
    except SealBroken:
        token = ""
    pairs = list(parameters)
    if not is_signed(url=url, parameters=pairs, headers=headers, token=token):
        raise NotFromProvider
    said = dict(pairs)
    status = (said.get("MessageStatus") or said.get("SmsStatus") or "").lower()
    message_id = message_of(channel="sms", references=[name]) if name else None
    if message_id is not None:
        _tell(message_id=message_id, status=status, said=said, now=now)
    elif status == "received" or "Body" in said:
        _take_text(said=said, now=now)


def _tell(*, message_id: int, status: str, said: Mapping[str, str], now: datetime) -> None:
    sid = said.get("MessageSid") or said.get("SmsSid") or ""
    try:
        if status in _TAKEN:
            accepted(message_id=message_id, provider_id=sid, now=now)
        elif status == "delivered":
            delivered(message_id=message_id, now=now)
        elif status in _FAILED:
            error = said.get("ErrorCode", "")
            bounced(message_id=message_id, permanent=is_gone(error_code=error), why=f"{status} {error}", now=now)
    except Refusal:
        return  # it has moved on: the service would only repeat the call


@transaction.atomic
def _take_text(*, said: Mapping[str, str], now: datetime) -> None:
    sid, phone, text = said.get("MessageSid", "")[:64], said.get("From", "")[:32], said.get("Body", "")
    if not sid or not phone:
        return
    stops = is_stop_word(text=text)
    kept = {"phone": phone, "text": text.replace("\0", ""), "stops": stops, "received_at": now}
    _, made = SmsReceived.objects.get_or_create(sid=sid, defaults=kept)
    if made and stops:
        _stop(phone=phone, now=now)
    elif made:
        replied(channel="sms", address=phone, at=now, now=now)


def _stop(*, phone: str, now: datetime) -> None:
    """Whoever holds this telephone wants no more texts: the number is held back, whosever it is by our records."""
    digest = address_digest(channel="sms", address=phone)
    suppress_digest(channel="sms", digest=digest, kind="stop", person_id=None, message_id=None, now=now)
