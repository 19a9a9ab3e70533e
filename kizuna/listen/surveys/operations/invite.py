"""Asking one customer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kizuna.errors import Conflict
from kizuna.facts.catalogue import SurveySent
from kizuna.facts.outbox.operations import publish
from kizuna.listen.surveys.models import Invitation, Survey
from kizuna.listen.surveys.operations.standard import SurveyUnknown
from kizuna.listen.surveys.rules import LINK_LIFETIME, link_url, new_nonce
from kizuna.words import Words


class SurveyClosed(Conflict):
    """The survey is switched off, so nobody new is asked."""

    code = "survey_closed"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="このアンケートは停止中です。再開してからリンクを発行してください。",
                en="This survey is switched off. Switch it on before issuing links.",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvitation:
    """An invitation and the link that opens it."""

    invitation_id: int
    survey: str
    person_id: int
    url: str
    locale: str
    expires_at: datetime


def invite(
    *,
    survey_id: int,
    person_id: int,
    order_id: int | None,
    channel: str,
    now: datetime,
    locale: str = "ja",
    store: str = "",
) -> IssuedInvitation:
    """Issue a personal signed link to this survey and publish ``SurveySent``. Sending it is the caller's work.

    Raises ``SurveyUnknown`` and ``SurveyClosed``.
    """
    survey = Survey.objects.filter(pk=survey_id).first()
    if survey is None:
        raise SurveyUnknown
    if not survey.active:
        raise SurveyClosed
    nonce = new_nonce()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            survey=survey,
            person_id=person_id,
            order_id=order_id,
            channel=channel,
            store=store,
            locale="en" if locale == "en" else "ja",
            nonce=nonce,
            sent_at=now,
            expires_at=now + LINK_LIFETIME,
        )
        sent = SurveySent(
            occurred_at=now,
            person_id=person_id,
            touchpoint=survey.touchpoint,
            channel=channel,
            invitation_id=invitation.pk,
            survey=survey.slug,
            instrument=survey.instrument,
            store=store,
        )
        publish(facts=[sent], now=now, wake=True)
    return IssuedInvitation(
        invitation_id=invitation.pk,
        survey=survey.slug,
        person_id=person_id,
        url=link_url(nonce=nonce),
        locale=invitation.locale,
        expires_at=invitation.expires_at,
    )
