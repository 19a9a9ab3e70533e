"""A template's wordings by channel and language, and the message they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from kizuna.act.outreach.rules.merge import Named, as_html, merge, one_line

LANGUAGES = ("ja", "en")
UNSUBSCRIBE = "配信停止.リンク"
_RULE = "─" * 12


class Body(NamedTuple):
    """One wording: ``subject`` counts for mail only."""

    channel: str
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderLines:
    """Who writes, as the law wants it named in advertising."""

    name: str = ""
    address: str = ""
    contact: str = ""

    @property
    def complete(self) -> bool:
        """Whether advertising may go out in this name."""
        return bool(self.name and self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message ready to be sent."""

    subject: str
    text: str
    html: str
    language: str


def encode_bodies(*, bodies: Sequence[Body]) -> str:
    """How the wordings are kept."""
    return msgspec.json.encode(sorted(bodies)).decode()


def decode_bodies(*, text: str) -> tuple[Body, ...]:
    """The wordings as they were kept."""
    return tuple(Body(*parts) for parts in msgspec.json.decode(text, type=list[tuple[str, str, str, str]]))


def wording(*, bodies: Sequence[Body], channel: str, language: str) -> Body | None:
    """The wording for a channel, in the language or else in another.

    LINE takes the mail's text when it has none of its own; an SMS must be written for its 70 characters.
    """
    for name in (channel, "mail") if channel == "line" else (channel,):
        known = {body.language: body for body in bodies if body.channel == name and body.body.strip()}
        for wanted in (language, *LANGUAGES):
            if wanted in known:
                return known[wanted]
    return None


def render(
    *,
    body: Body,
    channel: str,
    purpose: str,
    values: Mapping[str, str],
    named: Named,
    sender: SenderLines,
    opt_out: str,
    picture: str = "",
) -> Rendered:
    """The message as the customer gets it, with the sender's lines where the law or good manners want them.

    Raises: MissingValue.
    """
    known = {"会社.名前": sender.name, UNSUBSCRIBE: opt_out, **values}
    text = merge(text=body.body, values=known, named=named, language=body.language).strip()
    subject = merge(text=body.subject, values=known, named=named, language=body.language)
    closing = _footer(
        channel=channel, purpose=purpose, sender=sender, language=body.language, opt_out=opt_out,
        has_link=bool(opt_out) and opt_out in text,
    )  # fmt: skip
    text = f"{text}\n\n{closing}" if closing else text
    mail = channel == "mail"
    return Rendered(
        subject=one_line(text=subject) if mail else "",
        text=text,
        html=as_html(text=text, picture=picture) if mail else "",
        language=body.language,
    )


def _footer(*, channel: str, purpose: str, sender: SenderLines, language: str, opt_out: str, has_link: bool) -> str:
    link = "" if has_link or not opt_out else opt_out
    stop = f"{'配信停止はこちら：' if language == 'ja' else 'Unsubscribe: '}{link}" if link else ""
    if channel == "line":
        return ""  # blocking the account is LINE's own way out, and every user knows it
    if channel == "sms":
        return "\n".join(part for part in (sender.name, stop) if part) if purpose == "marketing" else stop
    lines = (sender.name, sender.address, sender.contact) if purpose == "marketing" else (sender.name,)
    parts = [part for part in (*lines, stop) if part]
    return "\n".join((_RULE, *parts)) if stop or purpose == "marketing" else ""
