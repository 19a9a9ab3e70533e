"""Mails as they come back: standard reports, complaints, and what Japanese carriers and hosts write instead."""

OURS = """\
Message-ID: <{token}@shop.example.jp>
From: info@shop.example.jp
To: {to}
Subject: =?utf-8?b?44GU5rOo5paH44GC44KK44GM44Go44GG?=

mailbox full? user unknown? These words are our own.
"""


def crlf(text: str, *, charset: str = "utf-8") -> bytes:
    """The text with the line ends of the wire."""
    return text.replace("\n", "\r\n").encode(charset)


def report(
    *, token: str, action: str = "failed", status: str = "5.1.1", diagnostic: str = "550 5.1.1 User unknown", to: str
) -> bytes:
    """RFC 3464, as Postfix writes it."""
    ours = OURS.format(token=token, to=to)
    return crlf(f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: info@shop.example.jp
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system. I'm sorry.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.jp
Arrival-Date: Fri, 20 Nov 2026 12:00:00 +0900

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b1
Content-Type: message/rfc822

{ours}
--b1--
""")


def complaint(*, token: str, to: str, kind: str = "abuse") -> bytes:
    """RFC 5965, as a mailbox provider's feedback loop sends it."""
    ours = OURS.format(token=token, to=to)
    return crlf(f"""\
From: <feedback@provider.example.com>
Subject: FW: complaint
To: <info@shop.example.jp>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--b2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <{to}>

--b2
Content-Type: message/rfc822
Content-Disposition: inline

{ours}
--b2--
""")


def au(*, token: str, to: str) -> bytes:
    """au: text of its own, our mail appended behind a line of dashes."""
    ours = OURS.format(token=token, to=to)
    return crlf(f"""\
From: <Postmaster@ezweb.ne.jp>
Subject: Mail System Error - Returned Mail
To: info@shop.example.jp
Content-Type: text/plain; charset=iso-2022-jp

Each of the following recipients was rejected by a remote
mail server.

   Recipient: <{to}>
   >>> RCPT TO:<{to}>
   <<< 550 <{to}>: User unknown

--------------------------------------------------
{ours}
""")


def au_full(*, token: str, to: str) -> bytes:
    """au: the mailbox is full for now."""
    return (
        au(token=token, to=to)
        .replace(
            b"Each of the following recipients was rejected by a remote\r\nmail server.",
            b"The user(s) account is temporarily over quota.",
        )
        .replace(b"550 <" + to.encode() + b">: User unknown", b"452 <" + to.encode() + b">: try later")
    )


def docomo(*, token: str, to: str) -> bytes:
    """docomo: Japanese in ISO-2022-JP, not declared as such."""
    text = crlf(
        f"""\
次の宛先へのメールは送信できませんでした。
宛先: {to}
理由: 宛先が存在しません。

----- Original message -----
""",
        charset="iso2022_jp",
    )
    head = crlf("""\
From: mailer-daemon@docomo.ne.jp
Subject: =?ISO-2022-JP?B?GyRCJWEhPCVrSVRHIUMjJE4kKkNOJGkkOxsoQg==?=
To: info@shop.example.jp
Message-ID: <x@docomo.ne.jp>

""")
    return head + text + crlf(OURS.format(token=token, to=to))


def softbank(*, tagged: str, to: str) -> bytes:
    """SoftBank: no word of our mail at all; only the return path of its own tells which one it was."""
    return crlf(f"""\
Return-Path: <>
Delivered-To: {tagged}
From: "Mail Administrator" <Postmaster@softbank.ne.jp>
Subject: Delivery Notification
To: {tagged}
Content-Type: text/plain; charset=us-ascii

This Message was undeliverable due to the following reason:

550 Invalid recipient: <{to}>
""")


def host_in_shift_jis(*, token: str, to: str) -> bytes:
    """A Japanese host: declared as one charset, written in another."""
    head = crlf("""\
Return-Path: <>
From: MAILER-DAEMON@mail.hosting.example.jp
Subject: failure notice
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

""")
    body = crlf(f"あて先 {to} のメールボックスの容量を超えています。\n", charset="cp932")
    return head + body + crlf(f"\nMessage-ID: <{token}@shop.example.jp>\n")


def holiday(*, token: str) -> bytes:
    """Somebody is away; a postmaster's words in the text do not make it a bounce."""
    return crlf(f"""\
From: tanaka@customer.example.jp
Subject: =?utf-8?b?6Ieq5YuV5b+c562U?=
Auto-Submitted: auto-replied
In-Reply-To: <{token}@shop.example.jp>
Content-Type: text/plain; charset=utf-8

夏休みをいただいております。前任者のアドレスは存在しません。
""")


def letter(*, token: str) -> bytes:
    """A customer simply answers."""
    return crlf(f"""\
From: hanako@example.jp
Subject: Re: thanks
In-Reply-To: <{token}@shop.example.jp>
Content-Type: text/plain; charset=utf-8

ありがとうございました。次の荷物の宛先が存在しないと言われました。
""")
