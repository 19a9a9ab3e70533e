"""The editor: a readable form of the flow. Every click answers with the whole form, so nothing typed is lost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from kizuna.act.offers.queries import offers
from kizuna.act.outreach.queries import settings_in_force, templates
from kizuna.act.practices.forms import (
    ArmDraft,
    Choices,
    Draft,
    Filled,
    StepDraft,
    draft_of,
    filled,
    flow_of_draft,
    new_draft,
    priority_of,
    read_draft,
    step_fields,
    trigger_fields,
    whole_fields,
)
from kizuna.act.practices.forms.draft import MOST_STEPS, START
from kizuna.act.practices.forms.fields import TRIGGERS
from kizuna.act.practices.operations import create_practice, edit_practice, rename
from kizuna.act.practices.queries import edit_dry_run, practice
from kizuna.act.practices.rules.check import FlowRefused, Problem, problems
from kizuna.act.practices.rules.flow import Flow
from kizuna.act.practices.views.pages import step_words
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.views import actor_of
from kizuna.customers.stores.queries import all_stores
from kizuna.errors import Refusal
from kizuna.facts.touchpoints import TOUCHPOINTS
from kizuna.listen.surveys.queries import surveys
from kizuna.understand.metrics.queries import metrics
from kizuna.understand.metrics.rules.windows import is_readable
from kizuna.words import Words

KINDS: dict[str, tuple[str, Words]] = {
    "wait": ("clock-hour-4", Words(ja="待つ", en="Wait")),
    "send": ("mail", Words(ja="メッセージを送る", en="Send a message")),
    "coupon": ("ticket", Words(ja="クーポンを渡す", en="Give a coupon")),
    "task": ("clipboard-check", Words(ja="スタッフのタスク", en="Task for staff")),
    "survey": ("message-question", Words(ja="アンケートを送る", en="Send a survey")),
    "branch": ("arrows-split", Words(ja="条件で分ける", en="Branch")),
    "note": ("note", Words(ja="メモを残す", en="Take a note")),
    "tag": ("tag", Words(ja="タグを付ける", en="Tag")),
}
MOST_ARMS = 4
LONGEST_TITLE, LONGEST_NAME = 120, 60
TAKEN = frozenset({"compare", "new", "ready", "stores"})
"""Short names that are addresses of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step in the form. ``ways`` are its exits: (field, wording, chosen id)."""

    draft: StepDraft
    number: int
    icon: str
    words: Words
    fields: list[Filled]
    ways: tuple[tuple[str, Words, str], ...]
    wrong: tuple[Words, ...]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A practice from scratch."""
    return _edit(request, name="", shown=new_draft())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Change a practice: a new version, which people inside do not notice unless it is said so."""
    card = practice(name=name).card
    return _edit(
        request, name=name, shown=draft_of(flow=card.flow, name=name, title=card.title, priority=card.priority)
    )


def _edit(request: HttpRequest, *, name: str, shown: Draft) -> HttpResponse:
    if request.method == "GET":
        return _form(request, name=name, draft=shown, found=())
    draft = _changed(draft=read_draft(data=request.POST), act=request.POST.get("act", ""))
    if request.POST.get("act") not in {"save", "confirm"}:
        return _form(request, name=name, draft=draft, found=())
    flow, found = flow_of_draft(draft=draft)
    found = (*found, *(problems(flow=flow) if flow else ()), *_of_names(draft))
    if flow is None or found:
        return _form(request, name=name, draft=draft, found=found, status=422)
    return _save(request, name=name, draft=draft, flow=flow)


def _save(request: HttpRequest, *, name: str, draft: Draft, flow: Flow) -> HttpResponse:
    title, actor, now = Words(ja=draft.title_ja, en=draft.title_en or draft.title_ja), actor_of(request), present()
    priority = priority_of(draft=draft) or 0
    try:
        if not name:
            new_name = _short_name(draft) or f"practice-{now:%Y%m%d-%H%M%S}"
            create_practice(name=new_name, title=title, flow=flow, actor=actor, now=now, priority=priority)
            messages.success(request, str(Words(ja="下書きを保存しました。", en="The draft is saved.")))
            return redirect("practices:detail", name=new_name)
        card = practice(name=name).card
        lost = {one.node: one.count for one in edit_dry_run(practice=name, flow=flow).waiting if one.removed}
        if lost and request.POST.get("act") != "confirm":
            asked = tuple((node, step_words(name=name, node=node), count) for node, count in lost.items())
            return _form(request, name=name, draft=draft, found=(), lost=asked)
        choices = {node: request.POST.get(f"place:{node}", "finish") for node in lost}
        with transaction.atomic():
            if (title, priority) != (card.title, card.priority):
                rename(practice=name, title=title, priority=priority, actor=actor, now=now)
            if flow != card.flow:
                edit_practice(practice=name, flow=flow, choices=choices, actor=actor, now=now)
    except FlowRefused as refusal:
        return _form(request, name=name, draft=draft, found=refusal.problems, status=422)
    except Refusal as refusal:
        return _form(request, name=name, draft=draft, found=(Problem(node="", words=refusal.words),), status=422)
    messages.success(request, str(Words(ja="新しい版を保存しました。", en="The new version is saved.")))
    return redirect("practices:detail", name=name)


def _of_names(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the name and the short name, which is part of the address."""
    if not draft.title_ja:
        yield Problem(node="", words=Words(ja="名前を入力してください。", en="Give the practice a name."))
    if max(len(draft.title_ja), len(draft.title_en)) > LONGEST_TITLE or len(_short_name(draft)) > LONGEST_NAME:
        words = Words(ja="名前は120文字、短い名前は60文字以内にしてください。",
                      en="A name has at most 120 characters, a short name 60.")  # fmt: skip
        yield Problem(node="", words=words)
    if priority_of(draft=draft) is None:
        yield Problem(node="", words=Words(ja="優先度は0～9の整数にしてください。", en="The priority is 0 to 9."))
    if _short_name(draft) in TAKEN:
        words = Words(ja="短い名前「{name}」は使えません。別の名前にしてください。",
                      en="The short name “{name}” cannot be used. Choose another.")  # fmt: skip
        yield Problem(node="", words=words.fill(name=_short_name(draft)))


def _short_name(draft: Draft) -> str:
    return slugify(draft.name)


# ── clicks that change the form ─────────────────────────────────────────────────────────────────
def _changed(*, draft: Draft, act: str) -> Draft:
    """The form after «add a wait», «move up», «remove»…"""
    what, _, which = act.partition(":")
    if what == "add" and which in KINDS and len(draft.steps) < MOST_STEPS:
        step = StepDraft(node=_free_id(draft), kind=which, values=START.get(which, {}))
        return replace(draft, steps=(*draft.steps, step))
    if what in {"up", "down", "remove"}:
        return replace(draft, steps=_moved(steps=list(draft.steps), what=what, node=which))
    if what == "arm" and len(draft.arms) < MOST_ARMS:
        return replace(draft, arms=(*draft.arms, ArmDraft(name=_free_arm(draft))))
    if what == "arm-remove" and len(draft.arms) > 1 and which.isdigit():
        return replace(draft, arms=tuple(arm for at, arm in enumerate(draft.arms) if at != int(which)))
    if what == "goal":
        return replace(draft, goals=(*draft.goals, ("customer_value", "90")))
    return draft


def _free_id(draft: Draft) -> str:
    taken = {step.node for step in draft.steps}
    return next(f"s{number}" for number in range(1, len(taken) + 2) if f"s{number}" not in taken)


def _free_arm(draft: Draft) -> str:
    taken = {arm.name for arm in draft.arms}
    return next(f"arm{number}" for number in range(2, len(taken) + 3) if f"arm{number}" not in taken)


def _moved(*, steps: list[StepDraft], what: str, node: str) -> tuple[StepDraft, ...]:
    at = next((at for at, step in enumerate(steps) if step.node == node), None)
    if at is None:
        return tuple(steps)
    step = steps.pop(at)
    if what == "remove":
        return tuple(_without(step=one, node=node) for one in steps)
    steps.insert(max(at - 1, 0) if what == "up" else at + 1, step)
    return tuple(steps)


def _without(*, step: StepDraft, node: str) -> StepDraft:
    """A step that led to a removed one leads to the step below instead."""
    ways = {key: "" if key in {"next", "yes", "no"} and text == node else text for key, text in step.values.items()}
    return replace(step, values=ways)


# ── drawing ─────────────────────────────────────────────────────────────────────────────────────
def _form(
    request: HttpRequest,
    *,
    name: str,
    draft: Draft,
    found: tuple[Problem, ...],
    lost: tuple[tuple[str, Words, int], ...] = (),
    status: int = 200,
) -> HttpResponse:
    choices = _choices()
    steps = [_step(number, step, choices, found) for number, step in enumerate(draft.steps, start=1)]
    places = [(step.draft.node, f"{step.number}. {step.words}") for step in steps]
    known = {step.node for step in draft.steps}
    kind = draft.trigger if draft.trigger in {key for key, _ in TRIGGERS} else "fact:delivered"
    context = {
        "name": name,
        "draft": draft,
        "trigger": filled(
            fields=trigger_fields(kind=kind, choices=choices),
            values={**draft.values, "trigger": kind},
            prefix="v:",
        ),
        "eligible": filled(fields=whole_fields(choices=choices), values=draft.values, prefix="v:"),
        "steps": steps,
        "places": places,
        "kinds": [(key, icon, words) for key, (icon, words) in KINDS.items()],
        "metrics": choices.metrics,
        "whole": [one.words for one in found if one.node not in known],
        "lost": lost,
        "many_arms": len(draft.arms) > 1,
    }
    return render(request, "practices/editor.html", context, status=status)


def _step(number: int, step: StepDraft, choices: Choices, found: tuple[Problem, ...]) -> StepView:
    icon, words = KINDS.get(step.kind, KINDS["note"])
    fields = step_fields(kind=step.kind, asked=step.values.get("asked", ""), choices=choices)
    exits = {"yes": Words(ja="はいのとき", en="If yes"), "no": Words(ja="いいえのとき", en="If no")}
    ways = exits if step.kind == "branch" else {"next": Words(ja="次に進む先", en="Then")}
    return StepView(
        draft=step,
        number=number,
        icon=icon,
        words=words,
        fields=filled(fields=fields, values=step.values, prefix=f"step:{step.node}:"),
        ways=tuple((f"step:{step.node}:{way}", said, step.values.get(way, "")) for way, said in ways.items()),
        wrong=tuple(one.words for one in found if one.node == step.node),
    )


def _choices() -> Choices:
    """What this company has to choose from."""
    known = [(one.slug, str(one.name)) for one in surveys(stores=None)]
    instruments = (("nps", "NPS"), ("csat5", "CSAT 1–5"), ("csat7", "CSAT 1–7"), ("ces7", "CES 1–7"))
    return Choices(
        templates=tuple((one.name, str(one.title)) for one in templates()),
        offers=tuple((one.name, str(one.title)) for one in offers()),
        surveys=tuple(known),
        instruments=instruments,
        touchpoints=tuple((slug, str(words)) for slug, words in TOUCHPOINTS.items()),
        stores=tuple((one.code, one.name or one.code) for one in all_stores()),
        metrics=tuple((one.name, str(one.title)) for one in metrics() if is_readable(metric=one.name)),
        tracks_opens=settings_in_force().tracks_opens,
    )
