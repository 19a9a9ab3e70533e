"""Write templates and publish them; the law is asked before, and what it said is kept."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from kizuna.act.outreach.models import Template, TemplateVersion
from kizuna.act.outreach.queries.sender import settings_in_force
from kizuna.act.outreach.rules import CHANNELS, PURPOSES
from kizuna.act.outreach.rules.law import AgainstTheLaw, Finding, check_law
from kizuna.act.outreach.rules.merge import check_fields
from kizuna.act.outreach.rules.wording import LANGUAGES, Body, decode_bodies, encode_bodies
from kizuna.errors import Conflict, Invalid, NotFound
from kizuna.facts.audit.operations import record
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
    """The template has no purpose, channel or language that there is, or no words. ``where`` names the wording."""

    code = "template_not_storable"

    def __init__(self, *, words: Words, where: str = "") -> None:
        super().__init__(words)
        self.where = where


class TemplateMovedOn(Conflict):
    """Somebody has kept another version since this one was begun."""

    code = "template_moved_on"

    def __init__(self, *, name: str, latest: int) -> None:
        super().__init__(
            Words(
                ja="編集している間に、ほかの画面で第{n}版が保存されました。入力した内容はこの画面に残っています。"
                "第{n}版と見比べてから、よろしければもう一度保存してください。",
                en="Version {n} was saved elsewhere while you were writing. What you wrote is still here:"
                " compare it with version {n}, then save again if it shall take its place.",
            ).fill(n=latest)
        )
        self.name, self.latest = name, latest


class TemplateNameTaken(Conflict):
    """There is a template of this name."""

    code = "template_name_taken"

    def __init__(self, *, name: str) -> None:
        super().__init__(Words(ja="この名前はすでに使われています。", en="This name is taken."))
        self.name = name


@transaction.atomic
def save_template(
    *,
    name: str,
    title: Words,
    purpose: str,
    bodies: Sequence[Body],
    actor: str,
    now: datetime,
    begun_from: int | None = None,
) -> int:
    """Keep a new version and answer its number. The version in use stays until ``publish_template``.

    ``begun_from`` is the version the writer had before them, 0 for a new template: when another was kept since,
    nothing is written, so that nobody's words are replaced unseen.
    Raises: TemplateNotStorable, UnknownField, BracesOpen, TemplateMovedOn, TemplateNameTaken.
    """
    kept = _checked(purpose=purpose, bodies=bodies)
    row, _ = Template.objects.select_for_update().get_or_create(name=name, defaults={"created_at": now})
    latest = TemplateVersion.objects.filter(template=row).order_by("-number").first()
    text = encode_bodies(bodies=kept)
    same = latest is not None and (latest.bodies, latest.purpose) == (text, purpose)
    if latest is not None and begun_from is not None and begun_from != latest.number and not (same and begun_from):
        raise TemplateMovedOn(name=name, latest=latest.number) if begun_from else TemplateNameTaken(name=name)
    row.title_ja, row.title_en = title.ja[:120], title.en[:120]
    row.save(update_fields=["title_ja", "title_en"])
    if latest is not None and same:
        return latest.number
    number = latest.number + 1 if latest else 1
    TemplateVersion.objects.create(
        template=row, number=number, purpose=purpose, bodies=text, created_at=now, created_by=actor
    )
    return number


@transaction.atomic
def publish_template(*, name: str, actor: str, now: datetime, seen: int | None = None) -> tuple[Finding, ...]:
    """Put the latest version to use from now on, if the law lets it; answers what the check had to say beside that.

    ``seen`` is the version somebody looked at: a later one is not published unread. Messages that are planned
    already are sent in the new wording. Raises: NoSuchTemplate, TemplateMovedOn, AgainstTheLaw.
    """
    row = Template.objects.select_for_update().filter(name=name).first()
    version = TemplateVersion.objects.filter(template=row).order_by("-number").first()
    if row is None or version is None:
        raise NoSuchTemplate(name=name)
    if seen not in {None, version.number}:
        raise TemplateMovedOn(name=name, latest=version.number)
    findings = check_law(
        purpose=version.purpose, bodies=decode_bodies(text=version.bodies), sender=settings_in_force().sender
    )
    if any(one.level == "stop" for one in findings):
        raise AgainstTheLaw(findings=findings)
    if row.published == version.number:
        return findings
    version.findings = msgspec.json.encode([(one.level, one.slug, one.where) for one in findings]).decode()
    version.published_at, version.published_by = now, actor
    version.save(update_fields=["findings", "published_at", "published_by"])
    row.published = version.number
    row.save(update_fields=["published"])
    detail = {"version": version.number, "purpose": version.purpose, "findings": [one.slug for one in findings]}
    record(actor=actor, action="template.published", target=f"template:{name}", detail=detail, now=now)
    return findings


@transaction.atomic
def ensure_template(*, name: str, title: Words, purpose: str, bodies: Sequence[Body], now: datetime) -> None:
    """Have a ready-made template, published, unless the shop has one of this name already, which is left alone.

    The company's name and address may still be missing: until they are there, the gate holds advertising back.
    Raises: TemplateNotStorable, UnknownField, AgainstTheLaw.
    """
    if Template.objects.filter(name=name).exists():
        return
    findings = check_law(purpose=purpose, bodies=bodies, sender=settings_in_force().sender)
    if any(one.level == "stop" and one.slug != "sender_missing" for one in findings):
        raise AgainstTheLaw(findings=findings)
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
        language = next(body.language for body in kept if body.channel == "mail" and not body.subject)
        words = Words(ja="メールの件名を入力してください。", en="A mail needs a subject.")
        raise TemplateNotStorable(words=words, where=f"mail {language}")
    check_fields(texts={f"{body.channel} {body.language}": f"{body.subject}\n{body.body}" for body in kept})
    return kept
