"""The form between two clicks: texts as typed, from a flow and back to one.

Nothing typed is lost when something else is wrong: a draft keeps every text, and only becoming a flow is checked.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import pairwise
from math import isfinite
from typing import Any

import msgspec
from django.http import QueryDict

from kizuna.act.practices.rules.check import Problem
from kizuna.act.practices.rules.flow import Arm, DateTrigger, FactTrigger, Flow, QuietTrigger
from kizuna.words import Words

END = "end"
MOST_STEPS = 60
NUMBERS = frozenset(
    {"days", "hours", "until_local_hour", "timeout_days", "stale_hours", "due_hours", "nth_order", "days_before"}
    | {"min_orders", "max_orders", "window_days", "freshness_hours", "again_after_days"}
)
SCORES = frozenset({"score_min", "score_max", "weight"})
SHARES = frozenset({"top_share", "holdout_share"})
LISTS = frozenset({"segments", "nps_groups", "channels_consented", "stores", "products", "categories"})
_CONDITION = frozenset({"asked", "instrument", "score_min", "score_max", "segment", "condition_channel"})
_ELIGIBLE = LISTS | {"min_orders", "max_orders", "top_share"}
_TEXTS_OF: dict[str, tuple[str, ...]] = {
    "send": ("template",),
    "survey": ("survey", "template"),
    "coupon": ("offer",),
    "task": ("title",),
    "note": ("text",),
    "tag": ("tag",),
}
_START = {
    "send": {"channel": "auto", "late": "shift", "stale_hours": "48"},
    "task": {"kind": "call", "due_hours": "24"},
}
START = {**_START, "survey": _START["send"], "branch": {"asked": "ordered_since"}, "wait": {"days": "1"}}
"""What a step has when it is added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """One step. ``next``, ``yes``, ``no`` are ids; empty means the step below."""

    node: str
    kind: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmDraft:
    """One arm; ``first`` empty means the first step of all."""

    name: str
    title_ja: str = ""
    title_en: str = ""
    weight: str = "1"
    first: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything in the form. ``goals`` are (metric, days), the first one the main goal."""

    name: str = ""
    title_ja: str = ""
    title_en: str = ""
    priority: str = "0"
    trigger: str = "fact:delivered"
    values: Mapping[str, str] = field(default_factory=dict)
    arms: tuple[ArmDraft, ...] = (ArmDraft(name="standard", title_ja="実施", title_en="Treated"),)
    steps: tuple[StepDraft, ...] = ()
    goals: tuple[tuple[str, str], ...] = (("repeat_rate", "90"),)


def new_draft() -> Draft:
    """What a new practice begins with: wait a day, send something."""
    return Draft(
        values={"holdout_share": "10", "freshness_hours": "72"},
        steps=(
            StepDraft(node="s1", kind="wait", values={"days": "1", "until_local_hour": "10"}),
            StepDraft(node="s2", kind="send", values=START["send"]),
        ),
    )


def draft_of(*, flow: Flow, name: str, title: Words, priority: int = 0) -> Draft:
    """The form that shows a flow."""
    ids = [node for node in flow.nodes if node != END]
    following = dict(pairwise([*ids, END]))
    told = msgspec.to_builtins(flow)
    whole = {**told.get("eligible", {}), **_told_trigger(flow=flow)}
    for key in ("freshness_hours", "again_after_days", "holdout_share"):
        whole[key] = getattr(flow, key)
    return Draft(
        name=name,
        title_ja=title.ja,
        title_en=title.en,
        priority=str(priority),
        trigger=_trigger_kind(flow=flow),
        values=_texts(whole),
        arms=tuple(_arm_draft(arm, first=ids[0] if ids else END) for arm in flow.arms),
        steps=tuple(_step_draft(node, told["nodes"][node], following=following[node]) for node in ids),
        goals=tuple((goal.metric, str(goal.window_days)) for goal in (flow.goal, *flow.also)),
    )


def read_draft(*, data: QueryDict) -> Draft:
    """The form as it was sent."""
    steps = [
        StepDraft(node=node, kind=data.get(f"step:{node}:type", ""), values=_prefixed(data, f"step:{node}:"))
        for node in data.getlist("step")[:MOST_STEPS]
    ]
    arms = [ArmDraft(**_prefixed(data, f"arm:{number}:", known=_OF_ARM)) for number in data.getlist("arm")[:10]]
    goals = list(zip(data.getlist("goal_metric"), data.getlist("goal_days"), strict=False))
    return Draft(
        name=data.get("name", "").strip(),
        title_ja=data.get("title_ja", "").strip(),
        title_en=data.get("title_en", "").strip(),
        priority=data.get("priority", "").strip(),
        trigger=data.get("trigger", ""),
        values=_prefixed(data, "v:"),
        arms=tuple(arms),
        steps=tuple(steps),
        goals=tuple((metric, days) for metric, days in goals if metric),
    )


def priority_of(*, draft: Draft) -> int | None:
    """The rank among practices that want to write to the same customer, 0 to 9; None when it is none. Empty is 0."""
    rank = _number("priority", draft.priority or "0")
    return int(rank) if rank is not None and rank in range(10) else None


def flow_of_draft(*, draft: Draft) -> tuple[Flow | None, tuple[Problem, ...]]:
    """The flow that the form states, or what in it cannot be read; whether the flow works is ``check``'s question."""
    problems: list[Problem] = []
    ids = [step.node for step in draft.steps]
    following = dict(pairwise([*ids, END]))
    values = _values(draft.values, problems=problems)
    nodes = {step.node: _node(step, following[step.node], problems=problems) for step in draft.steps}
    first = ids[0] if ids else END
    told: dict[str, Any] = {
        "trigger": _trigger(draft=draft, values=values),
        "eligible": {key: value for key, value in values.items() if key in _ELIGIBLE},
        "arms": [_arm(arm, first=first, problems=problems) for arm in draft.arms],
        "nodes": {**nodes, END: {"type": "end"}},
        "goal": _goal(draft.goals[:1], problems=problems),
        "also": [_goal([one], problems=problems) for one in draft.goals[1:]],
        **{k: values[k] for k in ("holdout_share", "freshness_hours", "again_after_days") if k in values},
    }
    if problems:
        return None, tuple(problems)
    try:
        return msgspec.convert(told, Flow), ()
    except msgspec.ValidationError as error:
        words = Words(ja="入力を読み取れません（{why}）。", en="The form cannot be read ({why}).")
        return None, (Problem(node="", words=words.fill(why=error)),)


_OF_ARM = frozenset(one.name for one in fields(ArmDraft))


def _prefixed(data: QueryDict, prefix: str, known: frozenset[str] | None = None) -> dict[str, str]:
    found = {
        key.removeprefix(prefix): "\n".join(
            one.strip().replace("\r\n", "\n") for one in data.getlist(key) if one.strip()
        )
        for key in data
        if key.startswith(prefix)
    }
    return {key: text for key, text in found.items() if known is None or key in known}


# ── from a flow to texts ────────────────────────────────────────────────────────────────────────
def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(key, value) for key, value in values.items() if value is not None}


def _text(key: str, value: Any) -> str:
    if key in SHARES:
        return f"{value * 100:g}"
    if isinstance(value, list | tuple):
        return ("," if key in {"products", "categories"} else "\n").join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _trigger_kind(*, flow: Flow) -> str:
    trigger = flow.trigger
    if isinstance(trigger, QuietTrigger):
        return "quiet"
    return f"date:{trigger.date}" if isinstance(trigger, DateTrigger) else f"fact:{trigger.fact}"


def _told_trigger(*, flow: Flow) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(flow.trigger)
    return {key: value for key, value in told.items() if key not in {"type", "fact", "date"}}


def _arm_draft(arm: Arm, *, first: str) -> ArmDraft:
    return ArmDraft(
        name=arm.name,
        title_ja=arm.title_ja,
        title_en=arm.title_en,
        weight=f"{arm.weight:g}",
        first="" if arm.first == first else arm.first,
    )


def _step_draft(node: str, told: Mapping[str, Any], *, following: str) -> StepDraft:
    values = {key: value for key, value in told.items() if key != "type"}
    if told["type"] == "branch":
        condition = dict(values.pop("condition"))
        if "channel" in condition:
            condition["condition_channel"] = condition.pop("channel")
        values |= condition
    texts = {**START.get(told["type"], {}), **_texts(values)} if told["type"] != "wait" else _texts(values)
    for way in ("next", "yes", "no"):
        if texts.get(way) == following:
            texts[way] = ""
    return StepDraft(node=node, kind=told["type"], values=texts)


# ── from texts to a flow ────────────────────────────────────────────────────────────────────────
def _values(texts: Mapping[str, str], *, problems: list[Problem], node: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, text in texts.items():
        if not text:
            continue
        if key in LISTS:
            found[key] = [one.strip() for one in text.replace("、", ",").replace(",", "\n").split("\n") if one.strip()]
        elif key in NUMBERS | SCORES | SHARES:
            number = _number(key, text)
            if number is None:
                words = Words(ja="「{text}」は数字で入力してください。", en="“{text}” should be a number.")
                problems.append(Problem(node=node, words=words.fill(text=text)))
            else:
                found[key] = number
        else:
            found[key] = text
    return found


def _number(key: str, text: str) -> float | int | None:
    try:
        number = float(unicodedata.normalize("NFKC", text).replace(",", ""))
    except ValueError:
        return None
    if not isfinite(number):
        return None
    if key in SHARES:
        return number / 100
    if key in NUMBERS:
        return int(number) if number == int(number) else None
    return number


def _trigger(*, draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
    kind, _, which = draft.trigger.partition(":")
    if kind == "quiet":
        return {"type": "quiet", "days": values.get("days", 0)}
    if kind == "date":
        return {"type": "date", "date": which, "days_before": values.get("days_before", 0)}
    known = set(FactTrigger.__struct_fields__) - {"fact"}
    return {"type": "fact", "fact": which, **{key: value for key, value in values.items() if key in known}}


def _node(step: StepDraft, following: str, *, problems: list[Problem]) -> dict[str, Any]:
    values = _values(step.values, problems=problems, node=step.node)
    values.pop("type", None)
    if step.kind != "branch":
        # What is not chosen yet is empty and no error of reading: ``check`` says at the step what to do.
        blank = dict.fromkeys(_TEXTS_OF.get(step.kind, ()), "")
        return {"type": step.kind, **blank, **values, "next": values.get("next") or following}
    condition = {key: value for key, value in values.items() if key in _CONDITION}
    if "condition_channel" in condition:
        condition["channel"] = condition.pop("condition_channel")
    ways = {way: values.get(way) or following for way in ("yes", "no")}
    return {"type": "branch", "condition": condition, **ways}


def _arm(arm: ArmDraft, *, first: str, problems: list[Problem]) -> dict[str, Any]:
    weight = _values({"weight": arm.weight}, problems=problems).get("weight", 1.0)
    return {**asdict(replace(arm, first=arm.first or first)), "weight": weight}


def _goal(goals: Any, *, problems: list[Problem]) -> dict[str, Any]:
    if not goals:
        problems.append(Problem(node="", words=Words(ja="動かしたい指標を選んでください。", en="Choose a metric.")))
        return {}
    metric, days = goals[0]
    return {"metric": metric, **_values({"window_days": days}, problems=problems)}
