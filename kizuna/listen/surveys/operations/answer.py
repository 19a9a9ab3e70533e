"""The customer answers by the personal link."""

from datetime import datetime

from django.db import transaction

from kizuna.facts.rows.rules import Recorded
from kizuna.listen.surveys.models import Answer, Invitation
from kizuna.listen.surveys.operations.scales import scale_named
from kizuna.listen.surveys.operations.write import Content, NewAnswer, amend, create, standing
from kizuna.listen.surveys.rules import (
    AMEND_WINDOW,
    COMMENT_LIMIT,
    LinkClosed,
    LinkExpired,
    LinkForged,
    nonce_of,
    printable,
    score_refusal,
)

OWN_SOURCE = "kizuna"
"""The source of answers given to Kizuna itself."""


def open_invitation(*, invitation_id: int, now: datetime) -> None:
    """Note when the page was first opened. Mail scanners open pages too, so this is never taken for an answer."""
    Invitation.objects.filter(pk=invitation_id, opened_at=None).update(opened_at=now)


def answer_invitation(*, token: str, score: float, comment: str, now: datetime) -> Recorded:
    """Record the answer to the invitation behind this link, or change it within 24 hours of the first time.

    Two submissions at once are one answer: the invitation's row is locked, and the database allows one
    answer per invitation. A changed answer keeps the time of the first, so it stays on its day.

    Raises ``LinkForged``, ``LinkExpired``, ``LinkClosed``, ``ScoreOutOfScale``, ``ScoreNotWhole``.
    """
    nonce = nonce_of(token=token)
    comment = printable(text=comment).strip()[:COMMENT_LIMIT]
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",)).select_related("survey").filter(nonce=nonce).first()
        )
        if invitation is None:
            raise LinkForged
        refusal = score_refusal(scale=scale_named(instrument=invitation.survey.instrument), score=score)
        if refusal is not None:
            raise refusal
        if invitation.answered_at is None:
            return _answer(invitation=invitation, score=score, comment=comment, now=now)
        return _change(invitation=invitation, score=score, comment=comment, now=now)


def _answer(*, invitation: Invitation, score: float, comment: str, now: datetime) -> Recorded:
    if now >= invitation.expires_at:
        raise LinkExpired
    content = Content(
        person_id=invitation.person_id,
        instrument=invitation.survey.instrument,
        score=float(score),
        answered_at=now,
        touchpoint=invitation.survey.touchpoint,
        channel=invitation.channel,
        store=invitation.store,
        product="",
        category="",
        comment=comment,
        digest="",
        import_id=None,
    )
    external_id = f"invitation:{invitation.pk}"
    create(new=[NewAnswer(OWN_SOURCE, external_id, content, invitation.pk, invitation.order_id)], now=now, wake=True)
    invitation.answered_at = now
    invitation.opened_at = invitation.opened_at or now
    invitation.save(update_fields=["answered_at", "opened_at"])
    return "created"


def _change(*, invitation: Invitation, score: float, comment: str, now: datetime) -> Recorded:
    answer_ids = list(Answer.objects.filter(invitation=invitation).values_list("pk", flat=True))
    for old in standing(answer_ids=answer_ids):
        if (old.content.score, old.content.comment) == (score, comment):
            return "unchanged"
        if invitation.answered_at is None or now - invitation.answered_at >= AMEND_WINDOW:
            raise LinkClosed
        amend(changed=[(old, old.content._replace(score=float(score), comment=comment))], now=now, wake=True)
        return "amended"
    raise LinkClosed
