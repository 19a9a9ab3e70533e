"""The pages on which staff write templates, look at them as a customer would, and publish them."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kizuna.act.outreach.forms import TemplateForm, initial_bodies
from kizuna.act.outreach.operations import (
    TemplateMovedOn,
    TemplateNameTaken,
    TemplateNotStorable,
    publish_template,
    save_template,
)
from kizuna.act.outreach.queries import (
    TemplateCard,
    VersionCard,
    preview,
    settings_in_force,
    template,
    templates,
)
from kizuna.act.outreach.rules import CHANNELS, FIELDS, LANGUAGES, PURPOSES, UnknownField
from kizuna.act.outreach.rules.law import AgainstTheLaw, check_law
from kizuna.act.outreach.rules.polite import hints
from kizuna.act.outreach.rules.wording import SenderLines
from kizuna.customers.people.queries import contacts_of, search
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of, number_of, stores_of
from kizuna.facts.audit.operations import record
from kizuna.words import Words

SLOT = {"ja": Words(ja="日本語", en="Japanese"), "en": Words(ja="英語", en="English")}
ABOUT = {
    "service": Words(
        ja="ご注文やお問い合わせに必要な連絡です。宣伝は入れられません。同意がなくても送れます。",
        en="What an order or a question needs. No advertising inside; goes without consent.",
    ),
    "marketing": Words(
        ja="同意のあるお客様にだけ、上限の回数まで、夜間を避けて送ります。",
        en="Only to customers who agreed, up to the limit, outside quiet hours.",
    ),
    "survey": Words(
        ja="アンケートに同意のあるお客様にだけ、夜間を避けて送ります。",
        en="Only to customers who agreed to surveys, outside quiet hours.",
    ),
}


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """Every template."""
    context = {"templates": templates(), "purposes": PURPOSES, "channels": CHANNELS}
    return render(request, "outreach/templates.html", context)


@require_http_methods(["GET", "POST"])
def template_new(request: HttpRequest) -> HttpResponse:
    """Write a new template."""
    form = TemplateForm(request.POST or None, initial={"purpose": "service"})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            if _save(request, form=form, name=name, begun_from=0):
                return redirect("outreach:template", name)
        except TemplateNameTaken as taken:
            form.add_error("name", str(taken.words))
    return render(request, "outreach/edit.html", {"form": form, "fields": _fields(), "card": None})


@require_http_methods(["GET", "POST"])
def template_edit(request: HttpRequest, name: str) -> HttpResponse:
    """Write a new version."""
    card, versions = template(name=name)
    initial = {"title_ja": card.title.ja, "title_en": card.title.en, "purpose": card.purpose}
    initial |= initial_bodies(bodies=versions[0].bodies)
    form = TemplateForm(request.POST or None, initial=initial, fixed_name=True)
    begun_from, moved_on = number_of(request.POST.get("begun_from", "")) or card.latest, False
    if request.method == "POST" and form.is_valid():
        try:
            if _save(request, form=form, name=name, begun_from=begun_from):
                return redirect("outreach:template", name)
        except TemplateMovedOn as refused:
            # What was written stays in the form; saving it once more is saying that it shall take the place.
            form.add_error(None, str(refused.words))
            begun_from, moved_on = refused.latest, True
    context = {"form": form, "fields": _fields(), "card": card, "begun_from": begun_from, "moved_on": moved_on}
    return render(request, "outreach/edit.html", context)


@require_GET
def template_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One template as a customer would get it, with what the law and good manners say about it."""
    card, versions = template(name=name)
    version = _version(request, versions=versions)
    sender = settings_in_force().sender
    findings = check_law(purpose=version.purpose, bodies=version.bodies, sender=sender)
    context = {
        "card": card,
        "version": version,
        "versions": versions,
        "purpose": PURPOSES[version.purpose],
        "about": ABOUT[version.purpose],
        "is_latest": version.number == card.latest,
        "findings": findings,
        "stopped": any(one.level == "stop" for one in findings),
        "hints": hints(bodies=version.bodies, purpose=version.purpose),
        "slots": _slot_names(),
    }
    return render(
        request, "outreach/template.html", context | _preview(request, card=card, version=version, sender=sender)
    )


@require_POST
def template_publish(request: HttpRequest, name: str) -> HttpResponse:
    """Put the latest version to use, if the law lets it."""
    now = present()
    try:
        seen = number_of(request.POST.get("version", ""))
        publish_template(name=name, seen=seen, actor=actor_of(request), now=now)
    except TemplateMovedOn as later:
        words = Words(
            ja="見ていた版のあとに、第{n}版が保存されています。内容を確かめてから公開してください。",
            en="Version {n} was saved after the one you were looking at. Look at it, then publish.",
        )
        notices.error(request, str(words.fill(n=later.latest)))
    except AgainstTheLaw as stopped:
        detail = {"findings": [one.slug for one in stopped.findings]}
        target = f"template:{name}"
        record(actor=actor_of(request), action="template.publish_refused", target=target, detail=detail, now=now)
        notices.error(request, str(stopped.words))
    else:
        notices.success(request, str(Words(ja="公開しました。次の配信から使われます。", en="Published.")))
    return redirect("outreach:template", name)


def _save(request: HttpRequest, *, form: TemplateForm, name: str, begun_from: int) -> bool:
    """Whether it was kept; what is wrong is said at the wording it is in.

    Raises: TemplateMovedOn, TemplateNameTaken.
    """
    try:
        save_template(
            name=name,
            title=form.title(),
            purpose=form.cleaned_data["purpose"],
            bodies=form.bodies(),
            begun_from=begun_from,
            actor=actor_of(request),
            now=present(),
        )
    except (UnknownField, TemplateNotStorable) as refused:
        form.add_error(form.field_of(where=refused.where), str(refused.words))
        return False
    notices.success(
        request, str(Words(ja="保存しました。内容を確かめて公開してください。", en="Saved. Look at it, then publish."))
    )
    return True


def _version(request: HttpRequest, *, versions: list[VersionCard]) -> VersionCard:
    wanted = request.GET.get("version", "")
    return next((one for one in versions if str(one.number) == wanted), versions[0])


def _preview(
    request: HttpRequest, *, card: TemplateCard, version: VersionCard, sender: SenderLines
) -> dict[str, object]:
    """The preview and its choices: a channel, a language, a customer."""
    channel = request.GET.get("channel", "")
    channel = channel if channel in CHANNELS else next(iter(card.channels), "mail")
    language = request.GET.get("language", "")
    language = (
        language if language in LANGUAGES else ("ja" if "ja" in card.languages else next(iter(card.languages), "ja"))
    )
    stores = stores_of(request)
    person, text = number_of(request.GET.get("person", "")), request.GET.get("q", "").strip()
    who = contacts_of(person_ids=[person]).get(person) if person is not None else None
    shown = preview(
        bodies=version.bodies,
        channel=channel,
        language=language,
        purpose=version.purpose,
        contact=who,
        sender=sender,
        values={},
    )
    return {
        "channel": channel,
        "spoken": language,
        "channels": list(CHANNELS.items()),
        "languages": list(SLOT.items()),
        "who": who,
        "q": text,
        "hits": search(text=text, stores=stores, limit=8) if text else (),
        "shown": shown,
        "sender": sender.name,
    }


def _fields() -> list[tuple[str, Words]]:
    return [(f"{{{{{name}}}}}", words) for name, words in FIELDS.items()]


def _slot_names() -> dict[str, Words]:
    return {
        f"{channel} {language}": Words(ja=f"{words.ja}・{SLOT[language].ja}", en=f"{words.en}, {SLOT[language].en}")
        for channel, words in CHANNELS.items()
        for language in LANGUAGES
    }
