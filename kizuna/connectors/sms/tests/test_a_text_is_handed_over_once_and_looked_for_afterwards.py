"""SMS against a stand-in that keeps the service's contract. The service takes no key, so nothing is sent on a guess."""

from datetime import timedelta

import pytest

from kizuna.act.outreach.models import Message, Suppression
from kizuna.act.outreach.operations import release_expired
from kizuna.connectors.channels.queries import health
from kizuna.connectors.channels.tests.cast import NOON, plan, states
from kizuna.connectors.sms.models import SmsSettings
from kizuna.connectors.sms.operations import send_due
from kizuna.connectors.sms.rules import length_of, with_opt_out
from kizuna.connectors.sms.tests.sms_server import NUMBER, SmsServer
from kizuna.gates.seal import seal


def _go(server: SmsServer, *, minutes: float) -> None:
    now = NOON + timedelta(minutes=minutes)
    server.now = now
    release_expired(now=now)
    send_due(now=now)


def test_a_text_goes_to_the_mobile_number_and_asks_for_its_status(person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms")
    _go(sms_server, minutes=0)
    (made,) = sms_server.created
    assert (made["to"], made["from"]) == ("+819012345678", NUMBER)
    assert made["body"] == "いつもありがとうございます。"
    assert sms_server.callbacks[made["sid"]].startswith("https://shop.example.jp/hooks/sms/?m=")
    assert (states(), Message.objects.get().provider_id) == (["sent"], made["sid"])


@pytest.mark.parametrize("trouble", ["cut after", "503 after"])
def test_a_text_that_was_taken_without_an_answer_is_found_in_the_list(
    trouble: str, person: int, sms_server: SmsServer
) -> None:
    plan(person=person, channel="sms", count=2)
    sms_server.trouble = [trouble]
    _go(sms_server, minutes=0)
    assert states() == ["uncertain", "planned"]
    _go(sms_server, minutes=2)
    # The two texts are alike; the list was asked before the second went out, so the one in it was the first.
    assert states() == ["sent", "sent"]
    assert len(sms_server.created) == 2
    assert Message.objects.order_by("id")[0].provider_id == sms_server.created[0]["sid"]


@pytest.mark.parametrize("trouble", ["cut", "503"])
def test_a_text_that_cannot_be_found_waits_for_a_person(trouble: str, person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms")
    sms_server.trouble = [trouble]
    for minutes in (0, 2, 5, 30, 600):
        _go(sms_server, minutes=minutes)
    assert (states(), sms_server.created) == (["uncertain"], [])


def test_two_alike_in_the_list_prove_nothing(person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms", count=1)
    sms_server.trouble = ["cut after"]
    _go(sms_server, minutes=0)
    sms_server.created.append({**sms_server.created[0], "sid": "SM-another"})
    _go(sms_server, minutes=2)
    assert states() == ["uncertain"]


@pytest.mark.parametrize("code", [20003, 21606])
def test_a_fault_of_the_account_stops_the_channel_and_no_message(code: int, person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms", count=2)
    changes = {"auth_token_sealed": seal(text="wrong")} if code == 20003 else {"sender": "+815099999999"}
    SmsSettings.objects.update(**changes)
    _go(sms_server, minutes=0)
    assert states() == ["planned", "planned"]
    failure = health(channel="sms").failure
    assert failure is not None
    assert str(code) in failure.ja


def test_a_number_that_has_stopped_us_is_given_up(person: int, sms_server: SmsServer) -> None:
    plan(person=person, channel="sms")
    sms_server.stopped = {"+819012345678"}
    _go(sms_server, minutes=0)
    assert (states(), Suppression.objects.get().channel) == (["bounced"], "sms")


def test_without_an_account_nothing_is_claimed(person: int) -> None:
    plan(person=person, channel="sms")
    assert send_due(now=NOON) == 0
    assert states() == ["planned"]


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("あ" * 70, "UCS-2", 70, 1),
        ("あ" * 71, "UCS-2", 71, 2),
        ("あ" * 134, "UCS-2", 134, 2),
        ("あ" * 135, "UCS-2", 135, 3),
        ("𠮷" * 35, "UCS-2", 70, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 159 + "、", "UCS-2", 160, 3),
        ("", "GSM-7", 0, 1),
    ],
)
def test_length_is_counted_as_the_networks_bill(text: str, encoding: str, units: int, segments: int) -> None:
    found = length_of(text=text)
    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


def test_advertising_always_carries_its_way_out() -> None:
    url = "https://s.example.jp/u/1"
    assert (
        with_opt_out(text="セール", purpose="marketing", unsubscribe_url=url, language="ja")
        == f"セール\n配信停止: {url}"
    )
    assert with_opt_out(text=f"セール {url}", purpose="marketing", unsubscribe_url=url, language="ja").count(url) == 1
    assert with_opt_out(text="発送しました", purpose="service", unsubscribe_url=url, language="ja") == "発送しました"
