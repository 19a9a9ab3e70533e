"""How a mail is written: MIME by the standard library, headers that nothing can be smuggled into.

Headers are folded with ``email.header.Header``: it cuts Japanese between characters into encoded words of at
most 75 octets. (``EmailMessage`` of Python 3.11 puts blanks between them when Japanese and ASCII mix.)
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

from kizuna.connectors.mail.rules.addresses import address_for_header

# Line ends would begin a new header; the other control and direction marks only serve to deceive.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# Headers come folded already, hence no limit here.
_WIRE = SMTP.clone(max_line_length=0, cte_type="7bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes: shown name and address, where answers go, and the address that bounces go to (may be empty)."""

    name: str
    mail: str
    reply_to: str = ""
    return_path: str = ""

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.mail.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one address. ``html`` and ``unsubscribe_url`` may be empty."""

    to: str
    header_id: str
    subject: str
    text: str
    html: str = ""
    language: str = "ja"
    unsubscribe_url: str = ""
    automatic: bool = True


def compose(*, letter: Letter, sender: Sender, now: datetime) -> bytes:
    """The mail as it goes over the wire: CRLF line ends, 7 bit, no line past 998 octets.

    Raises: BadAddress.
    """
    message = _body(letter=letter)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _plain(letter.header_id)
    message["From"] = mailbox(name=sender.name, address=sender.mail)
    message["To"] = address_for_header(address=letter.to)
    if sender.reply_to:
        message["Reply-To"] = address_for_header(address=sender.reply_to)
    message["Subject"] = encoded(text=letter.subject, header="Subject")
    message["Content-Language"] = _plain(letter.language)
    if letter.unsubscribe_url:
        # RFC 8058: a mail program posts to this address, without cookies and without asking back.
        message["List-Unsubscribe"] = f"<{_plain(letter.unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.automatic:
        # RFC 3834, and what Exchange understands: no holiday notice may answer a mail that nobody typed.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    return message.as_bytes(policy=_WIRE)


def _body(*, letter: Letter) -> MIMEBase:
    text = MIMEText(_clean(letter.text), "plain", "utf-8")
    if not letter.html:
        return text
    # Fixed, so that the same message is the same bytes; no base64 line can look like it.
    both = MIMEMultipart("alternative", boundary="=_kizuna_alternative")
    both.attach(text)
    both.attach(MIMEText(_clean(letter.html), "html", "utf-8"))
    return both


def mailbox(*, name: str, address: str) -> str:
    """``"Shop" <mail@shop.jp>`` with the name encoded where it needs to be.

    Raises: BadAddress.
    """
    spec = address_for_header(address=address)
    shown = _plain(name)
    if not shown:
        return spec
    if shown.isascii():
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{encoded(text=shown, header='From')}\n <{spec}>"


def encoded(*, text: str, header: str) -> str:
    """The text as a header's value, folded."""
    plain = _plain(text)
    charset = None if plain.isascii() else "utf-8"
    return Header(plain, charset, maxlinelen=75, header_name=header).encode(linesep="\n")


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _clean(text: str) -> str:
    # A lone surrogate cannot be written in UTF-8, and a NUL is refused by most servers.
    return text.replace("\0", "").encode("utf-8", errors="replace").decode()
