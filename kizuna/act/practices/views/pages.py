"""Reading: the practices, the shelf of ready ones, one practice with its flow and its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kizuna.act.offers.queries import offers
from kizuna.act.outreach.queries import templates
from kizuna.act.practices.queries import (
    PracticeCard,
    PracticeDetail,
    StuckCard,
    dry_run,
    enrolments_in,
    practice,
    practices,
)
from kizuna.act.practices.queries.coupons import nothing_to_give, too_few_to_give
from kizuna.act.practices.queries.foresight import foresee
from kizuna.act.practices.queries.refused import left_without_coupon
from kizuna.act.practices.queries.tries import latest_tries
from kizuna.act.practices.rules.flow import Flow
from kizuna.act.practices.rules.outline import Line, outline
from kizuna.act.practices.rules.reasons import WITHOUT_COUPON
from kizuna.act.practices.rules.shelf import shelf
from kizuna.act.practices.rules.wording import eligible_words, node_words, trigger_words
from kizuna.customers.people.queries import names_of
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.customers.staff.views import page_of, user_of
from kizuna.understand.metrics.queries import card
from kizuna.words import Words

PAGE_SIZE = 50
REACH_DAYS = 30

STATES: dict[str, tuple[Words, str]] = {
    "draft": (Words(ja="下書き", en="Draft"), "plain"),
    "running": (Words(ja="実施中", en="Running"), "good"),
    "paused": (Words(ja="一時停止中", en="Paused"), "open"),
    "ended": (Words(ja="終了", en="Ended"), "plain"),
}
ENROLMENT_STATES: dict[str, Words] = {
    "waiting": Words(ja="進行中", en="Under way"),
    "done": Words(ja="完了", en="Done"),
    "stuck": Words(ja="止まっています", en="Stuck"),
    "left": Words(ja="離脱", en="Left"),
}

_WITHOUT = Words(ja="クーポンなし（{why}）", en="No coupon ({why})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A practice as the list shows it."""

    card: PracticeCard
    state: Words
    tone: str
    trigger: Words
    goal: Words
    holdout: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmView:
    """One arm: its name, its share of all customers, how many it has, and its steps."""

    name: Words
    share: str
    customers: int
    lines: tuple[Line, ...]


@require_GET
def practice_list(request: HttpRequest) -> HttpResponse:
    """Every practice, running ones first."""
    return render(
        request, "practices/list.html", {"rows": [_row(one) for one in practices()], "may_edit": may_edit(request)}
    )


@require_GET
def ready_list(request: HttpRequest) -> HttpResponse:
    """The shelf: practices to start from with one click."""
    tries = latest_tries(names=[one.name for one in shelf()])
    ready = [
        {
            "ready": one,
            "trigger": trigger_words(trigger=flow.trigger),
            "eligible": eligible_words(eligible=flow.eligible),
            "goal": card(name=flow.goal.metric).title,
            "steps": sum(type(node).__name__ != "End" for node in flow.nodes.values()),
            "latest": tries.get(one.name),
        }
        for one in shelf()
        for flow in [one.flow(language="ja")]
    ]
    return render(request, "practices/ready.html", {"ready": ready})


@require_GET
def practice_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One practice: what it does, for whom, how it is going."""
    found = practice(name=name)
    flow = found.card.flow
    waiting = {node: count for (number, node), count in found.waiting_at.items() if number == found.card.version}
    older = sum(count for (number, _), count in found.waiting_at.items() if number != found.card.version)
    context = {
        "row": _row(found.card),
        "may_edit": may_edit(request),
        "may_name": may_name(request),
        "arms": _arms(flow=flow, customers=found.arms),
        "eligible": eligible_words(eligible=flow.eligible),
        "goals": [
            {"words": card(name=goal.metric).title, "days": goal.window_days, "metric": goal.metric}
            for goal in (flow.goal, *flow.also)
        ],
        "waiting": waiting,
        "older": older,
        "without_coupon": [
            (code, WITHOUT_COUPON[code], count) for code, count in left_without_coupon(practice=name).items()
        ],
        "versions": found.versions,
        "stuck": [
            {
                "card": one,
                "step": _step(flow=_flow_with(found=found, node=one.node), node=one.node),
                "name": name_,
                "reason": str(one.reason.words),
            }
            for one, name_ in (_named(found.stuck) if may_name(request) else ())
        ],
    }
    return render(request, "practices/detail.html", context)


@require_GET
def reach(request: HttpRequest, name: str) -> HttpResponse:
    """Whom the practice would have reached lately, and how long this shop needs to see what it does."""
    flow, now = practice(name=name).card.flow, present()
    found = dry_run(flow=flow, days=REACH_DAYS, now=now)
    foresight = foresee(flow=flow, people=found.people, days=REACH_DAYS, now=now)
    none_left = nothing_to_give(flow=flow, now=now)
    context = {
        "reach": found,
        "days": REACH_DAYS,
        "foresight": foresight.words,
        "coupons": (
            *dict.fromkeys(one.words for one in none_left),
            *too_few_to_give(flow=flow, moments=found.moments, days=REACH_DAYS, now=now),
        ),
    }
    return render(request, "practices/reach.html", context)


@require_GET
def people(request: HttpRequest, name: str) -> HttpResponse:
    """Who is or was inside, the latest first."""
    found = practice(name=name)
    wanted = request.GET.get("state", "")
    page = enrolments_in(
        practice=name,
        state=wanted if wanted in ENROLMENT_STATES else None,
        refusal=wanted if wanted in WITHOUT_COUPON else "",
        page=page_of(request),
        size=PAGE_SIZE,
    )
    names = names_of(person_ids=[one.person_id for one in page.rows])
    flows, titles = {one.number: one.flow for one in found.versions}, _names()
    rows = [
        {
            "card": one,
            "name": names.get(one.person_id, ""),
            "state": ENROLMENT_STATES[one.state],
            "step": _step(flow=flows[one.version], node=one.node, names=titles),
            "reason": str(one.reason.words),
        }
        for one in page.rows
    ]
    states = [(key, str(words)) for key, words in ENROLMENT_STATES.items()]
    refused = {*left_without_coupon(practice=name), wanted} & set(WITHOUT_COUPON)
    states += [(key, str(_WITHOUT.fill(why=str(words)))) for key, words in WITHOUT_COUPON.items() if key in refused]
    context = {"row": _row(found.card), "rows": rows, "page": page, "wanted": wanted, "states": states}
    return render(request, "practices/people.html", context)


def may_edit(request: HttpRequest) -> bool:
    """Owners and managers decide what is done; everybody sees it."""
    return user_of(request).role in {Role.OWNER, Role.MANAGER}


def may_name(request: HttpRequest) -> bool:
    """Those who write to customers of every store read who is inside; others see how many."""
    return user_of(request).role in {Role.OWNER, Role.MANAGER, Role.AGENT}


def _row(one: PracticeCard) -> Row:
    state, tone = STATES[one.state]
    return Row(
        card=one,
        state=state,
        tone=tone,
        trigger=trigger_words(trigger=one.flow.trigger),
        goal=card(name=one.flow.goal.metric).title,
        holdout=percent(one.flow.holdout_share),
    )


def percent(share: float) -> str:
    """«10%», «12.5%»."""
    return f"{round(share * 100, 1):g}%"


def _arms(*, flow: Flow, customers: Mapping[str, int]) -> list[ArmView]:
    names = _names()
    whole = sum(arm.weight for arm in flow.arms) or 1.0
    return [
        ArmView(
            name=Words(ja=arm.title_ja or arm.name, en=arm.title_en or arm.title_ja or arm.name),
            share=percent((1 - flow.holdout_share) * arm.weight / whole),
            customers=customers.get(arm.name, 0),
            lines=outline(flow=flow, first=arm.first, names=names),
        )
        for arm in flow.arms
    ]


def _names() -> dict[str, Words]:
    """The titles of templates and offers by name, as steps are told."""
    return {one.name: one.title for one in templates()} | {one.name: one.title for one in offers()}


def _step(*, flow: Flow, node: str, names: Mapping[str, Words] | None = None) -> Words:
    """The step in words."""
    called = _names() if names is None else names
    return node_words(node=flow.nodes[node], names=called) if node in flow.nodes else Words(ja=node, en=node)


def step_words(*, name: str, node: str) -> Words:
    """What a step of this practice does, also one that only an older version has."""
    return _step(flow=_flow_with(found=practice(name=name), node=node), node=node)


def _flow_with(*, found: PracticeDetail, node: str) -> Flow:
    """The newest version that has the step; people finish older ones."""
    return next((one.flow for one in found.versions if node in one.flow.nodes), found.card.flow)


def _named(stuck: Sequence[StuckCard]) -> list[tuple[StuckCard, str]]:
    names = names_of(person_ids=[one.person_id for one in stuck])
    return [(one, names.get(one.person_id, "")) for one in stuck]
