"""Status calls and texts that come back: signed over the public address, in any order, any number of times."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from kizuna.act.outreach.models import Message, Suppression
from kizuna.connectors.channels.tests.cast import NOON, plan, states
from kizuna.connectors.sms.models import SmsReceived
from kizuna.connectors.sms.operations import erase_people, send_due
from kizuna.connectors.sms.queries import export_people
from kizuna.connectors.sms.tests.sms_server import SmsServer, signature

PHONE = "+819012345678"


def _call(url: str, fields: dict[str, str], *, algorithm: str = "sha1", token: str | None = None) -> int:
    split = urlsplit(url)
    given = {"token": token} if token is not None else {}
    headers = {"X-Twilio-Signature": signature(url=url, fields=fields, algorithm=algorithm, **given)}
    if algorithm == "sha256":
        headers["X-Twilio-Webhooks-Signature-Settings"] = "key=1,algorithm=HMAC_SHA256"
    client = Client(enforce_csrf_checks=True)
    return client.post(f"{split.path}?{split.query}", data=fields, headers=headers).status_code


def _sent(person: int, server: SmsServer) -> str:
    """Send one text; answers the address of its status calls."""
    plan(person=person, channel="sms")
    send_due(now=NOON)
    return server.callbacks[server.created[-1]["sid"]]


def _status(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "0" * 32, "MessageStatus": status, "To": PHONE, **more}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_delivery_is_noted_once_and_in_any_order(algorithm: str, person: int, sms_server: SmsServer) -> None:
    url = _sent(person, sms_server)
    for status in ("delivered", "sent", "queued", "delivered"):
        assert _call(url, _status(status), algorithm=algorithm) == 204
    assert states() == ["delivered"]


@pytest.mark.parametrize(("error", "gives_up"), [("30005", True), ("30003", False)])
def test_a_failed_delivery_is_a_bounce(error: str, gives_up: bool, person: int, sms_server: SmsServer) -> None:
    url = _sent(person, sms_server)
    assert _call(url, _status("undelivered", ErrorCode=error)) == 204
    assert (states(), Suppression.objects.exists()) == (["bounced"], gives_up)


def test_a_status_call_settles_what_was_in_doubt(person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms")
    sms_server.trouble, sms_server.lists_nothing = ["cut after"], True
    send_due(now=NOON)
    assert states() == ["uncertain"]
    made = sms_server.created[0]
    assert _call(sms_server.callbacks[made["sid"]], _status("sent")) == 204
    assert states() == ["sent"]


def test_a_call_that_is_not_signed_for_this_very_address_is_refused(person: int, sms_server: SmsServer) -> None:
    url = _sent(person, sms_server)
    assert _call(url, _status("delivered"), token="another") == 403
    fields = _status("delivered")
    headers = {"X-Twilio-Signature": signature(url=url.replace("?m=", "?m=0"), fields=fields)}
    split = urlsplit(url)
    assert Client().post(f"{split.path}?{split.query}", data=fields, headers=headers).status_code == 403
    assert Client().post("/hooks/sms/", data=fields).status_code == 403
    assert states() == ["sent"]


@pytest.mark.parametrize("text", ["STOP", "停止", " 配信停止。", "ｓｔｏｐ", "解除"])
def test_a_stop_word_stops_texts_to_that_number(text: str, person: int, sms_server: SmsServer) -> None:
    url = "https://shop.example.jp/hooks/sms/"
    fields = {"MessageSid": "SM1", "SmsStatus": "received", "From": PHONE, "Body": text}
    for _ in range(2):
        split = urlsplit(url)
        headers = {"X-Twilio-Signature": signature(url=url, fields=fields)}
        assert Client().post(split.path, data=fields, headers=headers).status_code == 204
    assert SmsReceived.objects.get().stops
    assert Suppression.objects.get().kind == "stop"
    plan(person=person, channel="sms")
    send_due(now=NOON)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("not_sent", "suppressed_stop")


@pytest.mark.parametrize(
    ("text", "phone", "state"),
    [
        ("明日うかがいます", PHONE, "answered"),
        ("停止", PHONE, "delivered"),
        ("明日", "+818011112222", "delivered"),
    ],
)
def test_a_text_that_comes_back_answers_the_one_before(
    text: str, phone: str, state: str, person: int, sms_server: SmsServer
) -> None:
    assert _call(_sent(person, sms_server), _status("delivered")) == 204
    Message.objects.update(sent_at=timezone.now() - timedelta(days=1))
    fields = {"MessageSid": "SM1", "SmsStatus": "received", "From": phone, "Body": text}
    for _ in range(2):
        assert _call("https://shop.example.jp/hooks/sms/", fields) == 204
    assert states() == [state]


def test_any_other_text_is_kept_for_a_person_and_erased_with_the_customer(person: int, sms_server: SmsServer) -> None:
    url = "https://shop.example.jp/hooks/sms/"
    for number, phone in enumerate((PHONE, "+818011112222")):
        fields = {"MessageSid": f"SM{number}", "From": phone, "Body": "停止線の色を教えてください"}
        headers = {"X-Twilio-Signature": signature(url=url, fields=fields)}
        assert Client().post("/hooks/sms/", data=fields, headers=headers).status_code == 204
    assert not Suppression.objects.exists()
    told = str(export_people(person_ids=[person]))
    assert (PHONE in told, "+818011112222" in told) == (True, False)
    assert erase_people(root_id=person, now=NOON) == 1
    assert SmsReceived.objects.get().phone == "+818011112222"
