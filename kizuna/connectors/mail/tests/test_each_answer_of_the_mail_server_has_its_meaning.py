"""A real SMTP conversation on loopback that fails at each step, and what becomes of the message."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from kizuna.act.outreach.models import Message, Suppression
from kizuna.connectors.channels.queries import health, is_resting
from kizuna.connectors.channels.tests.cast import NOON, plan, served, states
from kizuna.connectors.mail.operations import send_due
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.connectors.mail.tests.conftest import Use
from kizuna.connectors.mail.tests.smtp_server import Behaviour, SmtpServer


def _run(use: Use, behaviour: Behaviour, *, now_minutes: int = 0, **fields: object) -> SmtpServer:
    server = SmtpServer(behaviour)
    with served(server):
        use(host="127.0.0.1", port=server.port, **fields)
        send_due(now=NOON + timedelta(minutes=now_minutes))
    return server


def test_a_mail_goes_out_whole_and_its_message_is_sent(person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=3)
    server = _run(use, Behaviour(user="shop", password="pässword"), username="shop", password="pässword")
    assert states() == ["sent"] * 3
    assert (len(server.taken), server.connections) == (3, 1)  # one connection for the slice
    taken = server.taken[0]
    assert (taken.sender, taken.to, taken.signed_in) == ("info@shop.example.jp", "hanako@example.jp", True)
    message = message_from_bytes(taken.raw, policy=policy.default)
    assert message["Subject"] == "山田様、ご注文ありがとうございます"
    key = Message.objects.order_by("id")[0].key
    assert message["Message-ID"] == f"<{token_of(key=key)}@shop.example.jp>"
    assert Message.objects.order_by("id")[0].provider_id == token_of(key=key)
    assert health(channel="mail").sent_at == NOON


@pytest.mark.parametrize("step", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_a_line_cut_before_the_dot_is_tried_again_and_never_doubled(step: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=2)
    down = _run(use, Behaviour(drops={step}))
    assert (states(), down.taken) == (["planned", "planned"], [])
    assert is_resting(channel="mail", now=NOON)
    failure = health(channel="mail").failure
    assert failure is not None
    assert "メールサーバー" in failure.ja
    assert list(Message.objects.values_list("attempts", flat=True)) == [0, 0]  # the server's fault costs no try
    up = _run(use, Behaviour(), now_minutes=2)
    assert (states(), len(up.taken)) == (["sent", "sent"], 2)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_a_connection_that_was_closed_is_opened_again_once(step: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=2)
    server = _run(use, Behaviour(drops={step}, once=True))
    assert (states(), len(server.taken), server.connections) == (["sent", "sent"], 2, 2)


def test_a_line_cut_within_the_mail_never_doubles_it(person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=2)
    server = _run(use, Behaviour(drops={"body"}))
    # Whether we notice before the dot is a matter of milliseconds; when we do not, a person decides.
    assert set(states()) <= {"planned", "uncertain"}
    assert server.taken == []


def test_a_server_that_takes_one_mail_per_connection_gets_all(person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=4)
    server = _run(use, Behaviour(mails_per_connection=1))
    assert (states(), len(server.taken), server.connections) == (["sent"] * 4, 4, 4)


@pytest.mark.parametrize(("drop", "taken"), [("dot", 0), ("taken", 1)])
def test_silence_after_the_dot_is_parked_for_a_person_and_not_repeated(
    drop: str, taken: int, person: int, use: Use
) -> None:
    plan(person=person, channel="mail")
    server = _run(use, Behaviour(drops={drop}))
    assert (states(), len(server.taken)) == (["uncertain"], taken)
    later = _run(use, Behaviour(), now_minutes=600)
    assert (states(), later.taken) == (["uncertain"], [])


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
def test_not_now_is_tried_again_later(step: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    _run(use, Behaviour(answers={step: "451 4.7.1 greylisted, try again"}))
    message = Message.objects.get()
    assert (message.state, message.reason, message.attempts) == ("planned", "retry", 1)
    assert message.next_at > NOON
    assert "greylisted" in message.note
    assert _run(use, Behaviour(), now_minutes=10).taken
    assert states() == ["sent"]


@pytest.mark.parametrize(
    ("step", "answer"),
    [("rcpt", "550 5.2.1 mailbox disabled"), ("data", "554 5.6.0 no"), ("dot", "554 5.7.1 looks like spam")],
)
def test_no_is_for_good(step: str, answer: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    _run(use, Behaviour(answers={step: answer}))
    message = Message.objects.get()
    assert (message.state, message.reason) == ("not_sent", "provider")


@pytest.mark.parametrize("answer", ["550 5.1.1 <hanako@example.jp>: unknown", "550 Unknown user hanako@example.jp"])
def test_an_address_that_is_not_there_is_given_up(answer: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail", count=2)
    server = _run(use, Behaviour(answers={"rcpt": answer}, once=True))
    assert states() == ["bounced", "not_sent"]  # the second was claimed together with the first, and held back
    assert Suppression.objects.get().kind == "bounce"
    assert "hanako@" not in Message.objects.order_by("id")[0].note
    assert server.taken == []


@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "554 5.7.1 relay access denied"])
def test_a_full_mailbox_or_a_policy_against_us_is_tried_again_in_an_hour(answer: str, person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    _run(use, Behaviour(answers={"rcpt": answer}))
    message = Message.objects.get()
    assert (message.state, message.next_at) == ("planned", NOON + timedelta(hours=1))


def test_a_refused_sender_or_password_stops_the_channel_and_no_message(person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    _run(use, Behaviour(answers={"mail": "553 5.7.1 not your address"}))
    failure = health(channel="mail").failure
    assert failure is not None
    assert "info@shop.example.jp" in failure.ja
    assert states() == ["planned"]
    _run(use, Behaviour(user="shop", password="right"), now_minutes=20, username="shop", password="wrong")
    failure = health(channel="mail").failure
    assert failure is not None
    assert "ログインできません" in failure.ja
    assert 'wrong"' not in failure.ja
    assert states() == ["planned"]


def test_a_server_that_is_not_there_lets_the_channel_rest_longer_each_time(person: int, use: Use) -> None:
    plan(person=person, channel="mail")
    use(host="127.0.0.1", port=1)
    rests = []
    now = NOON
    for _ in range(4):
        assert send_due(now=now) == 1
        until = health(channel="mail").rests_until
        assert until is not None
        rests.append((until - now).total_seconds())
        assert send_due(now=until - timedelta(seconds=1)) == 0
        now = until
    assert rests == [60, 120, 240, 480]
    assert states() == ["planned"]


def test_a_malformed_sender_of_ours_stops_the_channel_and_no_message(use: Use, person: int) -> None:
    plan(person=person, channel="mail")
    use(host="127.0.0.1", port=1, sender_mail="not an address")
    send_due(now=NOON)
    assert states() == ["planned"]
    failure = health(channel="mail").failure
    assert failure is not None
    assert "差出人" in failure.ja
