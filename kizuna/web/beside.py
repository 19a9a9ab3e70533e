"""What stands beside the messages and is known only above them: the local outbox, replies, messages in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kizuna.act.outreach.queries import doubt_tally
from kizuna.connectors.line import queries as line
from kizuna.connectors.mail import queries as mail
from kizuna.connectors.sms import queries as sms
from kizuna.customers.staff.models import User
from kizuna.facts.rows.queries import tallied
from kizuna.web.access import is_allowed

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``outbox`` is None where mail leaves the house or the reader may not see whole mails.

    ``settles_all`` says that the reader may settle messages in doubt; others see which they are.
    """

    outbox: int | None
    replies: int
    in_doubt: int
    settles_all: bool


def beside_messages(*, user: User, now: datetime) -> Beside:
    """For the head of the page of messages, in one statement."""
    lately = [room.reply_tally(since=now - LATELY) for room in (mail, line, sms)]
    found = tallied(parts=[doubt_tally(), mail.outbox_tally(), mail.server_tally(), *lately])
    stays = not found["servers"] and not mail.is_set_outside()
    return Beside(
        outbox=found["outbox"] if stays and is_allowed(user=user, view="outbox:list") else None,
        replies=found["replies"],
        in_doubt=found["doubts"],
        settles_all=is_allowed(user=user, view="channel_settle"),
    )
