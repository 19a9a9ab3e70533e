"""The local outbox: every mail a file and a row, once; erasing a customer removes both, and what came back."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.db import transaction

from kizuna.connectors.channels.queries import health
from kizuna.connectors.channels.tests.cast import MAIL, NOON, make_person, plan, states
from kizuna.connectors.mail.models import Mailbox, OutboxMail, ReturnedMail
from kizuna.connectors.mail.operations import erase_people, read_new, send_due
from kizuna.connectors.mail.queries import letter, letters
from kizuna.connectors.mail.rules.addresses import token_of
from kizuna.connectors.mail.tests import returned_mails


def test_each_mail_is_a_file_only_we_can_read(person: int, tmp_path: Path) -> None:
    plan(person=person, channel="mail", count=2)
    send_due(now=NOON)
    assert states() == ["sent", "sent"]
    files = sorted((tmp_path / "outbox").iterdir())
    assert sorted(OutboxMail.objects.values_list("file_name", flat=True)) == [file.name for file in files]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    message = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert message["To"] == MAIL
    assert message["Message-ID"].startswith(f"<{files[0].stem}@")


def test_a_mail_is_found_by_address_and_subject_and_read_back(person: int) -> None:
    plan(person=person, channel="mail")
    send_due(now=NOON)
    (card,) = letters(search="hanako ありがとう", limit=10)
    assert letters(search="taro", limit=10) == []
    found = letter(mail_id=card.mail_id)
    assert dict(found.headers)["Subject"] == "山田様、ご注文ありがとうございます"
    assert "いつもありがとうございます。" in found.text
    assert found.html.startswith("<")


def test_a_folder_that_cannot_be_written_stops_the_channel_and_no_message(person: int, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    plan(person=person, channel="mail", count=2)
    send_due(now=NOON)
    assert states() == ["planned", "planned"]
    failure = health(channel="mail").failure
    assert failure is not None
    assert "ローカル送信箱" in failure.ja
    (tmp_path / "outbox").unlink()
    send_due(now=NOON + timedelta(minutes=2))
    assert states() == ["sent", "sent"]


@pytest.mark.django_db(transaction=True)
def test_erasing_a_customer_removes_their_mails_and_what_came_back(person: int, tmp_path: Path) -> None:
    other = make_person(number=2, mail="taro@example.jp", line_id="U" + "a" * 32, phone="080-9999-8888")
    plan(person=person, channel="mail", count=2)
    plan(person=other, channel="mail")
    send_due(now=NOON)
    box = Mailbox.objects.create(name="b", uid_validity=1)
    token = token_of(key=f"mail-{person}-0")
    raws = (
        returned_mails.report(token=token, to="forwarded@elsewhere.example.jp"),
        returned_mails.report(token="kz" + "0" * 32, to=MAIL),
        returned_mails.report(token="kz" + "0" * 32, to="taro@example.jp"),
    )
    for uid, raw in enumerate(raws):
        ReturnedMail.objects.create(mailbox=box, uid=uid, raw=raw, fetched_at=NOON)
    read_new(now=NOON)
    with transaction.atomic():
        assert erase_people(root_id=person, now=NOON) == 4
        assert len(list((tmp_path / "outbox").iterdir())) == 3  # the files go with the commit
    assert [one.address for one in letters(limit=10)] == ["taro@example.jp"]
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    assert list(ReturnedMail.objects.values_list("uid", flat=True)) == [2]
