"""Reading surveys, their invitations and the own rating criteria."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q

from kizuna.errors import NotFound
from kizuna.listen.surveys.models import Answer, Invitation, OwnInstrument, Survey
from kizuna.listen.surveys.operations.scales import scale_named
from kizuna.listen.surveys.operations.standard import EDITABLE, SurveyUnknown
from kizuna.listen.surveys.rules import OWN_PREFIX, Scale, link_url
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.scores import share_wilson
from kizuna.words import Words


class InvitationUnknown(NotFound):
    """There is no such invitation, or it is for another store."""

    code = "invitation_unknown"

    def __init__(self) -> None:
        super().__init__(Words(ja="リンクが見つかりません。", en="There is no such link."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCard:
    """A survey with how it is going. The response rate counts links that were issued to customers."""

    survey_id: int
    slug: str
    name: Words
    question: Words
    why: Words
    thanks: Words
    brand: Words
    instrument: str
    scale: Scale
    touchpoint: str
    active: bool
    sent: int
    answered: int
    response_share: Interval | NotEnough
    last_answer_at: datetime | None
    texts: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCard:
    """One personal link. ``url`` is None once the link was withdrawn."""

    invitation_id: int
    survey_id: int
    survey: Words
    person_id: int
    order_id: int | None
    channel: str
    store: str
    locale: str
    sent_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None
    expires_at: datetime
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInstrumentCard:
    """An own rating criterion and how many answers it has."""

    name: str
    title: Words
    low: int
    high: int
    low_label: Words
    high_label: Words
    confirmed: bool
    answers: int


def surveys(*, stores: frozenset[str] | None = None) -> list[SurveyCard]:
    """Every survey with its counts (of these stores only, unless None), the active ones first."""
    scope = Q() if stores is None else Q(store__in=stores)
    counted = (
        Invitation.objects.filter(scope)
        .values_list("survey_id")
        .annotate(sent=Count("pk"), answered=Count("answered_at"), last=Max("answered_at"))
    )
    counts = {row[0]: _Counts(*row[1:]) for row in counted}
    rows = Survey.objects.order_by("-active", "pk")
    return [_survey_card(row=row, counts=counts.get(row.pk, _Counts(0, 0, None))) for row in rows]


def survey(*, survey_id: int, stores: frozenset[str] | None = None) -> SurveyCard:
    """One survey with its counts. Raises ``SurveyUnknown``."""
    for card in surveys(stores=stores):
        if card.survey_id == survey_id:
            return card
    raise SurveyUnknown


def survey_id_of(*, slug: str) -> int:
    """The id behind a survey's short name (nps, csat, ces …). Raises ``SurveyUnknown``."""
    found = Survey.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise SurveyUnknown
    return found


def survey_row(*, survey_id: int) -> Survey:
    """The survey's row, for the queries of this feature. Raises ``SurveyUnknown``."""
    row = Survey.objects.filter(pk=survey_id).first()
    if row is None:
        raise SurveyUnknown
    return row


def invitations(
    *, survey_id: int | None = None, stores: frozenset[str] | None = None, page: int = 1, page_size: int = 50
) -> tuple[list[InvitationCard], int]:
    """One page of the personal links, the newest first, and how many there are in all."""
    chosen = Invitation.objects.select_related("survey")
    if stores is not None:
        chosen = chosen.filter(store__in=stores)
    if survey_id is not None:
        chosen = chosen.filter(survey_id=survey_id)
    first = (max(page, 1) - 1) * page_size
    rows = chosen.order_by("-sent_at", "-pk")[first : first + page_size]
    return [_invitation_card(row=row) for row in rows], chosen.count()


def invitation(*, invitation_id: int, stores: frozenset[str] | None = None) -> InvitationCard:
    """One personal link. Raises ``InvitationUnknown``."""
    chosen = Invitation.objects.select_related("survey").filter(pk=invitation_id)
    if stores is not None:
        chosen = chosen.filter(store__in=stores)
    row = chosen.first()
    if row is None:
        raise InvitationUnknown
    return _invitation_card(row=row)


def own_instruments() -> list[OwnInstrumentCard]:
    """The company's own rating criteria, the unconfirmed ones first."""
    counts = dict(
        Answer.objects.filter(instrument__startswith=OWN_PREFIX)
        .values("instrument")
        .annotate(count=Count("pk"))
        .values_list("instrument", "count")
    )
    return [
        OwnInstrumentCard(
            name=own.name,
            title=Words(ja=own.title_ja, en=own.title_en),
            low=own.low,
            high=own.high,
            low_label=Words(ja=own.low_label_ja, en=own.low_label_en),
            high_label=Words(ja=own.high_label_ja, en=own.high_label_en),
            confirmed=own.confirmed,
            answers=counts.get(f"{OWN_PREFIX}{own.name}", 0),
        )
        for own in OwnInstrument.objects.order_by("confirmed", "name")
    ]


def own_titles() -> dict[str, Words]:
    """The own criteria's titles by instrument (own:<name>)."""
    rows = OwnInstrument.objects.order_by("name").values_list("name", "title_ja", "title_en")
    return {f"{OWN_PREFIX}{name}": Words(ja=ja, en=en) for name, ja, en in rows}


class _Counts(NamedTuple):
    sent: int
    answered: int
    last: datetime | None


def _survey_card(*, row: Survey, counts: _Counts) -> SurveyCard:
    return SurveyCard(
        survey_id=row.pk,
        slug=row.slug,
        name=Words(ja=row.name_ja, en=row.name_en),
        question=Words(ja=row.question_ja, en=row.question_en),
        why=Words(ja=row.why_ja, en=row.why_en),
        thanks=Words(ja=row.thanks_ja, en=row.thanks_en),
        brand=Words(ja=row.brand_ja, en=row.brand_en),
        instrument=row.instrument,
        scale=scale_named(instrument=row.instrument),
        touchpoint=row.touchpoint,
        active=row.active,
        sent=counts.sent,
        answered=counts.answered,
        response_share=share_wilson(successes=counts.answered, n=counts.sent),
        last_answer_at=counts.last,
        texts={name: getattr(row, name) for name in EDITABLE},
    )


def _invitation_card(*, row: Invitation) -> InvitationCard:
    return InvitationCard(
        invitation_id=row.pk,
        survey_id=row.survey_id,
        survey=Words(ja=row.survey.name_ja, en=row.survey.name_en),
        person_id=row.person_id,
        order_id=row.order_id,
        channel=row.channel,
        store=row.store,
        locale=row.locale,
        sent_at=row.sent_at,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        expires_at=row.expires_at,
        url=link_url(nonce=row.nonce) if row.nonce else None,
    )
