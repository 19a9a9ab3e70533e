"""MIME: Japanese subjects and names fold right, nothing smuggles a header in, the same message is the same bytes."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from random import Random
from typing import cast

import pytest

from kizuna.connectors.mail.rules import BadAddress, Letter, Sender, address_for_server, compose, header_id

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SENDER = Sender(name="絆商店", mail="info@shop.example.jp", reply_to="desk@shop.example.jp")
LETTERS = "あ漢字カナ髙abc DEF 123、。！Re: 😀𠮷é~"


def _raw(*, sender: Sender = SENDER, **fields: str) -> bytes:
    usual = {"to": "hanako@example.jp", "header_id": "<k@shop.example.jp>", "subject": "お礼", "text": "本文"}
    return compose(letter=Letter(**(usual | fields)), sender=sender, now=NOW)  # type: ignore[arg-type]


def _read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _random(draw: Random, most: int) -> str:
    return " ".join("".join(draw.choices(LETTERS, k=draw.randint(1, most))).split())


@pytest.mark.parametrize("seed", range(6))
def test_any_subject_and_name_come_back_as_written_in_short_lines(seed: int) -> None:
    draw = Random(seed)
    for _ in range(100):
        subject, name = _random(draw, 120), _random(draw, 60) + draw.choice(["", '"', "\\", ", Inc.", "<x>", "@"])
        raw = _raw(subject=subject, sender=Sender(name=name, mail="info@shop.example.jp"))
        assert raw.isascii()
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
        assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
        plain = message_from_bytes(raw)
        assert str(make_header(decode_header(plain["Subject"]))) == subject
        assert str(_read(raw)["Subject"]) == subject
        shown, address = parseaddr(plain["From"].replace("\r\n", ""))
        assert (str(make_header(decode_header(shown))), address) == (name.strip(), "info@shop.example.jp")


def test_text_and_html_stand_side_by_side_and_survive_dots_and_long_lines() -> None:
    text, html = "一行目\r\n.\r\n..二つ\nFrom ここ\n" + "長い" * 900, "<p>" + "あ" * 4_000 + "</p>"
    message = _read(_raw(text=text, html=html))
    assert message.get_content_type() == "multipart/alternative"
    plain, rich = (cast("EmailMessage", part) for part in message.iter_parts())
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")
    assert rich.get_content().rstrip("\n") == html
    assert max(map(len, _raw(text=text, html=html).split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "evil", ["\r\nBcc: x@y.jp", "\nBcc: x@y.jp", "\rBcc: x@y.jp", "\u2028Bcc: x@y.jp", "\x00\r\n\r\nbody"]
)
def test_no_field_smuggles_a_header_in(evil: str) -> None:
    sender = Sender(name=f"絆{evil}", mail="info@shop.example.jp")
    raw = _raw(sender=sender, subject=f"お礼{evil}", unsubscribe_url=f"https://s.jp/u/{evil}", language=f"ja{evil}")
    message = _read(raw)
    assert message["Bcc"] is None
    assert message.get_content().strip() == "本文"
    for field in ({"to": f"a@b.jp{evil}"}, {"sender": Sender(name="", mail="a@b.jp", reply_to=f"a@b.jp{evil}")}):
        with pytest.raises(BadAddress):
            _raw(**field)


def test_who_may_stop_it_can_do_so_with_one_click() -> None:
    message = _read(_raw(unsubscribe_url="https://shop.example.jp/u/abc/"))
    assert message["List-Unsubscribe"] == "<https://shop.example.jp/u/abc/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert _read(_raw())["List-Unsubscribe"] is None


def test_no_holiday_notice_answers_it_and_replies_go_to_the_desk() -> None:
    message = _read(_raw())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "desk@shop.example.jp"
    assert message["Message-ID"] == "<k@shop.example.jp>"


def test_the_same_message_is_the_same_bytes_under_the_same_name() -> None:
    assert _raw(html="<p>a</p>") == _raw(html="<p>a</p>")
    assert (
        header_id(key="k1", domain="a.jp") == header_id(key="k1", domain="a.jp") != header_id(key="k2", domain="a.jp")
    )
    assert re.fullmatch(r"<kz[0-9a-f]{32}@kizuna\.invalid>", header_id(key="k1", domain=""))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("hanako@example.jp", "hanako@example.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("abc.@ezweb.ne.jp", '"abc."@ezweb.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("o'neil+tag@example.co.jp", "o'neil+tag@example.co.jp"),
        ("info@日本語.jp", "info@xn--wgv71a119e.jp"),
    ],
)
def test_addresses_that_carriers_once_gave_out_are_deliverable(written: str, sent: str) -> None:
    assert address_for_server(address=written) == sent


@pytest.mark.parametrize(
    "written", ["", "@", "a@", "@b.jp", "a b@c.jp", "a@b..jp", "a@-b.jp", "花子@b.jp", "a,b@c.jp", "<a@b.jp>"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        address_for_server(address=written)
