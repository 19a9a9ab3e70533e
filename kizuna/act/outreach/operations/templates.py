"""Write templates and publish them; the law is asked before, and what it said is kept."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kizuna.act.outreach.models import Template, TemplateVersion
from kizuna.act.outreach.rules import CHANNELS, PURPOSES
from kizuna.act.outreach.rules.merge import check_fields
from kizuna.act.outreach.rules.wording import LANGUAGES, Body, encode_bodies
from kizuna.errors import Invalid, NotFound
from kizuna.words import Words


class NoSuchTemplate(NotFound):
    """No template has this name."""

    code = "no_such_template"

    def __init__(self, *, name: str) -> None:
        super().__init__(
            Words(ja="文面「{name}」は見つかりません。", en="There is no template “{name}”.").fill(name=name)
        )
        self.name = name


class TemplateNotStorable(Invalid):
    """The template has no purpose, channel or language that there is, or no words."""

    code = "template_not_storable"

    def __init__(self, *, words: Words) -> None:
        super().__init__(words)


@transaction.atomic
def save_template(*, name: str, title: Words, purpose: str, bodies: Sequence[Body], actor: str, now: datetime) -> int:
    """Keep a new version and answer its number. The version in use stays until ``publish_template``.

    Raises: TemplateNotStorable, UnknownField.
    """
    kept = _checked(purpose=purpose, bodies=bodies)
    row, _ = Template.objects.select_for_update().get_or_create(name=name, defaults={"created_at": now})
    row.title_ja, row.title_en = title.ja[:120], title.en[:120]
    row.save(update_fields=["title_ja", "title_en"])
    versions = TemplateVersion.objects.filter(template=row).order_by("-number")
    latest = versions.first()
    text = encode_bodies(bodies=kept)
    if latest is not None and (latest.bodies, latest.purpose) == (text, purpose):
        return latest.number
    number = latest.number + 1 if latest else 1
    TemplateVersion.objects.create(
        template=row, number=number, purpose=purpose, bodies=text, created_at=now, created_by=actor
    )
    return number


@transaction.atomic
def ensure_template(*, name: str, title: Words, purpose: str, bodies: Sequence[Body], now: datetime) -> None:
    """Have a ready-made template, published, unless the shop has one of this name already, which is left alone.

    Raises: TemplateNotStorable, UnknownField.
    """
    if Template.objects.filter(name=name).exists():
        return
    number = save_template(name=name, title=title, purpose=purpose, bodies=bodies, actor="kizuna", now=now)
    TemplateVersion.objects.filter(template__name=name, number=number).update(published_at=now, published_by="kizuna")
    Template.objects.filter(name=name).update(published=number)


def _checked(*, purpose: str, bodies: Sequence[Body]) -> list[Body]:
    if purpose not in PURPOSES:
        raise TemplateNotStorable(words=Words(ja="配信の目的を選んでください。", en="Choose what the message is for."))
    kept = [Body(*(part.replace("\x00", "").replace("\r\n", "\n").strip() for part in body)) for body in bodies]
    kept = [body for body in kept if body.body]
    if not kept:
        raise TemplateNotStorable(words=Words(ja="本文を入力してください。", en="Write the message."))
    if any(body.channel not in CHANNELS or body.language not in LANGUAGES for body in kept):
        raise TemplateNotStorable(words=Words(ja="使えない経路または言語です。", en="No such channel or language."))
    if any(body.channel == "mail" and not body.subject for body in kept):
        raise TemplateNotStorable(words=Words(ja="メールの件名を入力してください。", en="A mail needs a subject."))
    check_fields(texts={f"{body.channel} {body.language}": f"{body.subject}\n{body.body}" for body in kept})
    return kept
