"""What LINE's webhook tells: kept at once, acted upon by the worker."""

from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.operations import replied
from kizuna.connectors.line.models import LineEvent
from kizuna.connectors.line.queries import configuration
from kizuna.connectors.line.rules import events_of, is_signed, is_user_id
from kizuna.customers.consent.operations import record_consents
from kizuna.customers.consent.rules import UNASKED, ConsentStatement, Proof
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting
from kizuna.errors import Invalid, NotAllowed
from kizuna.facts.rows.operations import reach
from kizuna.gates.seal import SealBroken
from kizuna.words import Words

SLICE = 100
SOURCE = "line"
PURPOSES = ("service", *UNASKED)


class NotFromLine(NotAllowed):
    """The call is not signed with our channel secret."""

    code = "not_from_line"

    def __init__(self) -> None:
        super().__init__(Words(ja="署名が正しくありません。", en="The signature is not valid."))


class NotAnEvent(Invalid):
    """The call is signed but holds no events we can read."""

    code = "not_an_event"

    def __init__(self) -> None:
        super().__init__(Words(ja="内容を読み取れません。", en="The content cannot be read."))


def receive(*, raw: bytes, signature: str, now: datetime) -> int:
    """Keep the events of one signed call; one that was kept before is not kept again. Answers how many are new.

    Raises: NotFromLine, NotAnEvent.
    """
    try:
        secret = configuration().channel_secret
    except SealBroken:
        secret = ""
    if not is_signed(raw=raw, signature=signature, secret=secret):
        raise NotFromLine
    events = events_of(raw=raw)
    if events is None:
        raise NotAnEvent
    kept = 0
    with transaction.atomic():
        for event in events:
            _, made = LineEvent.objects.get_or_create(
                webhook_event_id=event.webhook_event_id,
                defaults={
                    "kind": event.kind,
                    "user_id": event.user_id,
                    "line_message_id": event.line_message_id,
                    "text": event.text,
                    "is_redelivery": event.is_redelivery,
                    "occurred_at": event.occurred_at,
                    "received_at": now,
                },
            )
            kept += made
    return kept


def read_events_due(*, now: datetime) -> int:
    """Act upon a slice of the kept events; answers how many."""
    numbers = list(LineEvent.objects.filter(state="new").order_by("id").values_list("pk", flat=True)[:SLICE])
    for number in numbers:
        with transaction.atomic():
            event = LineEvent.objects.select_for_update().filter(pk=number, state="new").first()
            if event is not None:
                _act(event, now=now)
                event.state = "done"
                event.save(update_fields=["state"])
                reach(label="line.event_acted")
    return len(numbers)


def _act(event: LineEvent, *, now: datetime) -> None:
    if event.kind in {"follow", "unfollow"} and is_user_id(text=event.user_id):
        _follow(event, now=now)
    elif event.kind == "message" and is_user_id(text=event.user_id):
        replied(channel="line", address=event.user_id, at=event.occurred_at, now=now)
    elif event.kind == "unsend" and event.line_message_id:
        # The customer took the message back: our copy goes too (LINE's terms ask for it).
        LineEvent.objects.filter(kind="message", line_message_id=event.line_message_id).update(text="")


def _follow(event: LineEvent, *, now: datetime) -> None:
    """Adding the account as a friend is agreeing to hear from it; blocking it is refusing. The later one counts."""
    follows = event.kind == "follow"
    who = Sighting(source=SOURCE, observed_at=event.occurred_at, line_id=event.user_id)
    person = resolve_people(sightings=[who], import_id=None, now=now)[0]
    if person is None:
        return
    said = "LINE公式アカウントの友だち追加" if follows else "LINE公式アカウントのブロック"
    proof = Proof(text=f"{said}（{event.webhook_event_id}）")
    statements = [
        ConsentStatement(
            person_id=person,
            channel="line",
            purpose=purpose,
            granted=follows,
            stated_at=event.occurred_at,
            proof=proof,
        )
        for purpose in PURPOSES
    ]
    record_consents(statements=statements, actor="customer", import_id=None, now=now, wake=True)
