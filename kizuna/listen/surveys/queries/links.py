"""What the customer's page shows. Reading never records a score: mail scanners open every link."""

from dataclasses import dataclass
from datetime import datetime

from kizuna.listen.surveys.models import Answer, Invitation, Survey
from kizuna.listen.surveys.operations.scales import scale_named
from kizuna.listen.surveys.queries.surveys import survey_row
from kizuna.listen.surveys.rules import AMEND_WINDOW, LinkExpired, LinkForged, Scale, nonce_of
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """One question as one customer sees it, with the answer they gave, while it may still be changed."""

    invitation_id: int | None
    locale: str
    brand: Words
    question: Words
    why: Words
    thanks: Words
    scale: Scale
    answered: bool
    changeable: bool
    score: float | None
    comment: str


def link_page(*, token: str, now: datetime) -> LinkPage:
    """The page behind a personal link. Raises ``LinkForged`` and ``LinkExpired``."""
    invitation = Invitation.objects.select_related("survey").filter(nonce=nonce_of(token=token)).first()
    if invitation is None:
        raise LinkForged
    answered_at = invitation.answered_at
    if answered_at is None and now >= invitation.expires_at:
        raise LinkExpired
    changeable = answered_at is None or now - answered_at < AMEND_WINDOW
    # After the day for changes the link no longer shows what was written: links get forwarded.
    given = Answer.objects.filter(invitation=invitation).first() if answered_at and changeable else None
    return _page(
        survey=invitation.survey,
        invitation_id=invitation.pk,
        locale=invitation.locale,
        answered=answered_at is not None,
        changeable=changeable,
        given=given,
    )


def preview_page(*, survey_id: int, locale: str) -> LinkPage:
    """The same page for staff to look at, belonging to no invitation. Raises ``SurveyUnknown``."""
    return _page(
        survey=survey_row(survey_id=survey_id),
        invitation_id=None,
        locale=locale,
        answered=False,
        changeable=True,
        given=None,
    )


def _page(
    *, survey: Survey, invitation_id: int | None, locale: str, answered: bool, changeable: bool, given: Answer | None
) -> LinkPage:
    return LinkPage(
        invitation_id=invitation_id,
        locale=locale,
        brand=Words(ja=survey.brand_ja, en=survey.brand_en or survey.brand_ja),
        question=Words(ja=survey.question_ja, en=survey.question_en),
        why=Words(ja=survey.why_ja, en=survey.why_en),
        thanks=Words(ja=survey.thanks_ja, en=survey.thanks_en),
        scale=scale_named(instrument=survey.instrument),
        answered=answered,
        changeable=changeable,
        score=given.score if given else None,
        comment=given.comment if given else "",
    )
