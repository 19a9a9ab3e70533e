"""What other rooms' facts mean for messages."""

from datetime import datetime

from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import answered
from kizuna.errors import Refusal
from kizuna.facts.catalogue import Fact, SurveyAnswered


def note_answer(*, fact: Fact, fact_id: str, now: datetime) -> None:
    """A survey that a message asked for was answered. Repeating it changes nothing."""
    del fact_id
    if not isinstance(fact, SurveyAnswered) or fact.invitation_id is None:
        return
    for message_id in Message.objects.filter(invitation_id=fact.invitation_id).values_list("id", flat=True):
        try:
            answered(message_id=message_id, now=now)
        except Refusal:
            # The link reached the customer another way; the message itself has not gone out.
            continue
