"""The webhook: signed raw bytes, each event once, follow and unfollow become consent, unsend removes our copy."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kizuna.act.outreach.models import Message
from kizuna.connectors.channels.tests.cast import LINE_ID, NOON, plan, states
from kizuna.connectors.line.models import LineEvent
from kizuna.connectors.line.operations import erase_people, read_events_due, send_due
from kizuna.connectors.line.queries import export_people
from kizuna.connectors.line.tests.line_server import SECRET, LineServer
from kizuna.customers.consent.queries import permission
from kizuna.customers.people.operations import resolve_people
from kizuna.customers.people.rules import Sighting

STRANGER = "U" + "f" * 32


def _event(kind: str, *, number: int = 1, user: str = LINE_ID, minutes: float = 0, **more: Any) -> dict[str, Any]:
    at = NOON + timedelta(minutes=minutes)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01FZ74A0TDDPYRVKNK77XK{number:04}",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def _call(*events: dict[str, Any], secret: str = SECRET, client: Client | None = None, **headers: Any) -> int:
    raw = json.dumps({"destination": "U1", "events": list(events)}, ensure_ascii=False).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), raw, "sha256")).decode()
    given = {"HTTP_X_LINE_SIGNATURE": signature, **headers}
    answer = (client or Client(enforce_csrf_checks=True)).post(
        "/hooks/line/", data=raw, content_type="application/json", **given
    )
    return answer.status_code


def _may(person: int) -> dict[str, bool]:
    return {
        purpose: permission(person_id=person, channel="line", purpose=purpose).allowed
        for purpose in ("service", "marketing", "survey")
    }


def _who(user: str) -> int:
    with transaction.atomic():
        found = resolve_people(
            sightings=[Sighting(source="line", observed_at=NOON, line_id=user)], import_id=None, now=NOON
        )[0]
    assert found is not None
    return found


def test_a_signed_call_is_taken_and_an_unsigned_one_is_not(line_server: LineServer) -> None:
    assert _call() == 200  # LINE's own check of the address has no events
    assert _call(_event("follow"), secret="another") == 403
    assert _call(_event("follow"), HTTP_X_LINE_SIGNATURE="") == 403
    assert _call(_event("follow"), HTTP_X_LINE_SIGNATURE="あ") == 403
    assert LineEvent.objects.count() == 0
    assert _call(_event("follow")) == 200
    assert LineEvent.objects.count() == 1


def test_without_a_secret_nobody_is_heard(db: None) -> None:
    assert _call(_event("follow"), secret="") == 403


def test_an_event_counts_once_however_often_it_is_delivered(line_server: LineServer) -> None:
    for _ in range(3):
        assert _call(_event("follow", deliveryContext={"isRedelivery": True})) == 200
    assert LineEvent.objects.count() == 1
    assert read_events_due(now=NOON) == 1
    assert read_events_due(now=NOON) == 0


def test_following_is_agreeing_and_blocking_is_refusing(line_server: LineServer) -> None:
    assert _call(_event("follow", user=STRANGER)) == 200
    read_events_due(now=NOON)
    person = _who(STRANGER)
    assert _may(person) == {"service": True, "marketing": True, "survey": True}
    assert _call(_event("unfollow", number=2, user=STRANGER, minutes=5)) == 200
    read_events_due(now=NOON)
    assert _may(person) == {"service": False, "marketing": False, "survey": False}


def test_the_later_one_counts_whatever_the_order_of_arrival(line_server: LineServer) -> None:
    _call(_event("unfollow", number=2, user=STRANGER, minutes=5))
    _call(_event("follow", number=1, user=STRANGER, minutes=0))
    read_events_due(now=NOON)
    assert not any(_may(_who(STRANGER)).values())


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (5, ["sent", "answered"]),
        (60 * 24 * 8, ["sent", "sent"]),  # eight days later it is about something else
        (-5, ["answered", "sent"]),  # the later one had not been sent yet
    ],
)
def test_who_writes_back_has_answered_what_came_before(
    minutes: float, told: list[str], person: int, line_server: LineServer
) -> None:
    plan(person=person, channel="line", count=2)
    send_due(now=NOON)
    Message.objects.filter(key__endswith="-0").update(sent_at=NOON - timedelta(days=2))
    _call(_event("message", minutes=minutes, message={"id": "99", "type": "sticker"}))
    _call(_event("message", number=2, user=STRANGER, message={"id": "98", "type": "text", "text": "はじめまして"}))
    assert read_events_due(now=NOON) == 2
    assert states() == told


def test_a_message_taken_back_is_forgotten(line_server: LineServer) -> None:
    _call(_event("message", message={"id": "99", "type": "text", "text": "秘密です"}))
    assert LineEvent.objects.get().text == "秘密です"
    _call(_event("unsend", number=2, unsend={"messageId": "99"}))
    read_events_due(now=NOON)
    assert not LineEvent.objects.filter(text__contains="秘密").exists()


def test_erasing_a_customer_removes_what_line_told(person: int, line_server: LineServer) -> None:
    _call(_event("message", message={"id": "99", "type": "text", "text": "山田です"}))
    _call(_event("message", number=2, user=STRANGER, message={"id": "98", "type": "text", "text": "別の人"}))
    told = str(export_people(person_ids=[person]))
    assert ("山田です" in told, "別の人" in told) == (True, False)
    assert erase_people(root_id=person, now=NOON) == 1
    assert LineEvent.objects.get().user_id == STRANGER


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"events": 1}', b'{"events": [{"webhookEventId": "x", "timestamp": "?"}]}']
)
def test_a_signed_call_that_is_not_lines_json_is_refused(raw: bytes, line_server: LineServer) -> None:
    signature = base64.b64encode(hmac.digest(SECRET.encode(), raw, "sha256")).decode()
    answer = Client().post(
        "/hooks/line/", data=raw, content_type="application/json", headers={"X-Line-Signature": signature}
    )
    assert answer.status_code == 422


def test_half_a_picture_and_a_nul_are_kept_as_far_as_they_can_be_written(line_server: LineServer) -> None:
    raw = json.dumps({"events": [_event("message", message={"id": "1\0", "type": "text", "text": "茶\ud83c\0です🍵"})]})
    signature = base64.b64encode(hmac.digest(SECRET.encode(), raw.encode(), "sha256")).decode()
    answer = Client().post(
        "/hooks/line/", data=raw.encode(), content_type="application/json", headers={"X-Line-Signature": signature}
    )
    assert answer.status_code == 200
    assert LineEvent.objects.get().text == "茶?です🍵"


def test_a_form_or_another_method_is_refused(line_server: LineServer) -> None:
    assert Client().post("/hooks/line/", data={"a": "b"}).status_code in {403, 422}
    assert Client().get("/hooks/line/").status_code == 405
