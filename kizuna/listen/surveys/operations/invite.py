"""Asking one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kizuna.customers.orders.queries import orders_of
from kizuna.customers.people.queries import records_of
from kizuna.errors import Conflict, Invalid
from kizuna.facts.catalogue import SurveySent
from kizuna.facts.outbox.operations import publish, publish_columns
from kizuna.facts.rows.operations import insert_rows, reserve_ids
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


class OrderOfAnother(Invalid):
    """The order is not one of this customer's."""

    code = "order_of_another"

    def __init__(self, *, order_id: int, person_id: int) -> None:
        self.order_id, self.person_id = order_id, person_id
        super().__init__(
            Words(ja="この注文は、このお客様のものではありません。", en="This order is not one of this customer's.")
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

    The answer will count for ``store``, or for the store of the order when none is given.

    Raises ``SurveyUnknown``, ``SurveyClosed``, ``OrderOfAnother`` and people's ``NoSuchPerson``.
    """
    survey = Survey.objects.filter(pk=survey_id).first()
    if survey is None:
        raise SurveyUnknown
    if not survey.active:
        raise SurveyClosed
    store = _store(person_id=person_id, order_id=order_id, store=store)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteRequest:
    """One customer to be asked. The order, when given, must be theirs: the caller knows it from the order itself."""

    person_id: int
    order_id: int | None = None
    store: str = ""


def invite_many(
    *, survey_id: int, requests: Sequence[InviteRequest], channel: str, now: datetime
) -> list[IssuedInvitation]:
    """Issue a personal link to each of many customers, in the caller's transaction; ``SurveySent`` is published.

    Raises ``SurveyUnknown``, ``SurveyClosed``.
    """
    survey = Survey.objects.filter(pk=survey_id).first()
    if survey is None:
        raise SurveyUnknown
    if not survey.active:
        raise SurveyClosed
    ids = reserve_ids(model=Invitation, count=len(requests))
    nonces = [new_nonce() for _ in requests]
    columns = (
        "id",
        "survey_id",
        "person_id",
        "order_id",
        "channel",
        "store",
        "locale",
        "nonce",
        "sent_at",
        "expires_at",
    )
    until = now + LINK_LIFETIME
    rows = [
        (id_, survey.pk, one.person_id, one.order_id, channel, one.store, "ja", nonce, now, until)
        for id_, one, nonce in zip(ids, requests, nonces, strict=True)
    ]
    insert_rows(model=Invitation, columns=columns, rows=rows)
    facts: dict[str, Sequence[object]] = {
        "occurred_at": [now] * len(rows),
        "person_id": [one.person_id for one in requests],
        "touchpoint": [survey.touchpoint] * len(rows),
        "channel": [channel] * len(rows),
        "invitation_id": list(ids),
        "survey": [survey.slug] * len(rows),
        "instrument": [survey.instrument] * len(rows),
        "store": [one.store for one in requests],
    }
    publish_columns(fact=SurveySent, columns=facts, now=now, wake=True)
    return [
        IssuedInvitation(
            invitation_id=id_,
            survey=survey.slug,
            person_id=one.person_id,
            url=link_url(nonce=nonce),
            locale="ja",
            expires_at=until,
        )
        for id_, one, nonce in zip(ids, requests, nonces, strict=True)
    ]


def _store(*, person_id: int, order_id: int | None, store: str) -> str:
    person_ids = records_of(person_id=person_id)
    if order_id is None:
        return store
    for order in orders_of(person_ids=person_ids):
        if order.order_id == order_id:
            return store or order.store
    raise OrderOfAnother(order_id=order_id, person_id=person_id)
