"""Nouns about templates: the list, one with its versions, and how it looks for a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from kizuna.act.outreach.models import Message, Template, TemplateVersion
from kizuna.act.outreach.queries.sender import settings_in_force
from kizuna.act.outreach.rules import CHANNELS
from kizuna.act.outreach.rules.merge import SAMPLES, Named, order_values
from kizuna.act.outreach.rules.wording import UNSUBSCRIBE, Body, Rendered, SenderLines, decode_bodies, render, wording
from kizuna.customers.orders.queries import latest_standing
from kizuna.customers.people.queries import Contact, NoSuchPerson, contacts_of
from kizuna.errors import NotFound
from kizuna.words import Words


class TemplateUnknown(NotFound):
    """No template has this name."""

    code = "template_unknown"

    def __init__(self, *, name: str) -> None:
        super().__init__(Words(ja="この文面は見つかりません。", en="There is no such template."))
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCard:
    """One version of a template."""

    number: int
    purpose: str
    bodies: tuple[Body, ...]
    created_at: datetime
    created_by: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCard:
    """One template: the version in use (0 = none), the latest, and how much it is used."""

    name: str
    title: Words
    purpose: str
    published: int
    latest: int
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    changed_at: datetime
    planned: int
    sent: int


def templates() -> list[TemplateCard]:
    """Every template, the latest changed first."""
    latest: dict[str, TemplateVersion] = {}
    for version in TemplateVersion.objects.select_related("template").order_by("number"):
        latest[version.template.name] = version
    used = _used()
    cards = [_card(version=version, used=used) for version in latest.values()]
    return sorted(cards, key=lambda card: (card.changed_at, card.name), reverse=True)


def template_titles() -> dict[str, Words]:
    """Titles to print, by name."""
    rows = Template.objects.values_list("name", "title_ja", "title_en")
    return {name: Words(ja=ja, en=en or ja) for name, ja, en in rows}


def template(*, name: str) -> tuple[TemplateCard, list[VersionCard]]:
    """One template and its versions, the newest first. Raises: TemplateUnknown."""
    rows = list(TemplateVersion.objects.filter(template__name=name).select_related("template").order_by("-number"))
    if not rows:
        raise TemplateUnknown(name=name)
    versions = [
        VersionCard(
            number=row.number,
            purpose=row.purpose,
            bodies=decode_bodies(text=row.bodies),
            created_at=row.created_at,
            created_by=row.created_by,
            published_at=row.published_at,
        )
        for row in rows
    ]
    return _card(version=rows[0], used=_used()), versions


def bodies_of(*, name: str, published: bool = True) -> tuple[Body, ...]:
    """The wordings of a template: those in use, or the latest. Raises: TemplateUnknown."""
    card, versions = template(name=name)
    if published and card.published:
        return next(one.bodies for one in versions if one.number == card.published)
    return versions[0].bodies


def render_preview(
    *,
    template: str,
    person_id: int | None,
    language: str = "ja",
    channel: str = "mail",
    version: int | None = None,
    values: Mapping[str, str] | None = None,
) -> Rendered | None:
    """How a template looks for a customer (or for nobody in particular), with samples for what only a step knows.

    None when it has no wording for the channel. Raises: TemplateUnknown, NoSuchPerson.
    """
    rows = TemplateVersion.objects.filter(template__name=template).order_by("-number")
    row = rows.filter(number=version).first() if version else rows.first()
    if row is None:
        raise TemplateUnknown(name=template)
    contact = None
    if person_id is not None:
        contact = contacts_of(person_ids=[person_id]).get(person_id)
        if contact is None:
            raise NoSuchPerson(person_id=person_id)
    return preview(
        bodies=decode_bodies(text=row.bodies),
        channel=channel,
        language=language,
        purpose=row.purpose,
        contact=contact,
        sender=settings_in_force().sender,
        values=values or {},
    )


def preview(
    *,
    bodies: Sequence[Body],
    channel: str,
    language: str,
    purpose: str,
    contact: Contact | None,
    sender: SenderLines,
    values: Mapping[str, str],
) -> Rendered | None:
    """How wordings look for a customer, or for nobody in particular; None when there is none for the channel."""
    body = wording(bodies=bodies, channel=channel, language=language)
    if body is None:
        return None
    named, own = Named(), dict[str, str]()
    if contact is not None:
        named = Named(family_name=contact.family_name, given_name=contact.given_name, display_name=contact.display_name)
        latest = latest_standing(person_ids=contact.person_ids)
        if latest is not None:
            own = order_values(number=latest.external_id, product=latest.product, language=body.language)
    return render(
        body=body,
        channel=channel,
        purpose=purpose,
        values={**SAMPLES, **own, **values},
        named=named,
        sender=sender,
        opt_out=SAMPLES[UNSUBSCRIBE],
    )


def _used() -> dict[str, tuple[int, int]]:
    rows = Message.objects.values_list("template").annotate(
        planned=Count("id", filter=Q(state="planned")), sent=Count("id", filter=Q(sent_at__isnull=False))
    )
    return {name: (planned, sent) for name, planned, sent in rows}


def _card(*, version: TemplateVersion, used: dict[str, tuple[int, int]]) -> TemplateCard:
    row = version.template
    bodies = decode_bodies(text=version.bodies)
    planned, sent = used.get(row.name, (0, 0))
    return TemplateCard(
        name=row.name,
        title=Words(ja=row.title_ja, en=row.title_en or row.title_ja),
        purpose=version.purpose,
        published=row.published,
        latest=version.number,
        channels=tuple(name for name in CHANNELS if any(body.channel == name for body in bodies)),
        languages=tuple(dict.fromkeys(body.language for body in bodies)),
        changed_at=version.created_at,
        planned=planned,
        sent=sent,
    )
