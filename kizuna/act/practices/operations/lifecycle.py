"""A practice's life: made, started, paused, resumed, ended. Nobody inside is lost by any of it."""

import secrets
from datetime import datetime
from typing import Literal

from django.db import transaction

from kizuna.act.outreach.operations import call_off_all, hold, release
from kizuna.act.practices.models import Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lock import hold_practice
from kizuna.act.practices.queries.coupons import nothing_to_give
from kizuna.act.practices.queries.practices import latest_flow
from kizuna.act.practices.queries.readiness import chosen_for_reviews, missing
from kizuna.act.practices.rules.check import FlowRefused, check
from kizuna.act.practices.rules.flow import Flow, to_text
from kizuna.customers.consent.operations import hold_consent
from kizuna.errors import Conflict, Invalid
from kizuna.facts.audit.operations import record
from kizuna.understand.metrics.queries import metrics
from kizuna.understand.metrics.rules.windows import is_readable
from kizuna.words import Words

Leaving = Literal["finish", "leave"]


class PracticeExists(Conflict):
    """The name is taken."""

    code = "practice_exists"

    def __init__(self, *, name: str) -> None:
        words = Words(ja="接客方法「{name}」はすでにあります。別の名前にしてください。",
                      en="There is a practice “{name}” already. Choose another name.")  # fmt: skip
        super().__init__(words.fill(name=name))
        self.name = name


class WrongState(Conflict):
    """A practice in this state cannot do that."""

    code = "practice_wrong_state"

    def __init__(self, *, name: str, state: str) -> None:
        words = Words(ja="接客方法「{name}」は{ja}のため、この操作はできません。",
                      en="Practice “{name}” is {en}, so this cannot be done.")  # fmt: skip
        super().__init__(words.fill(name=name, ja=_STATES[state].ja, en=_STATES[state].en))
        self.name, self.state = name, state


class MetricUnknown(Invalid):
    """The practice is to move a metric that does not exist."""

    code = "practice_metric_unknown"

    def __init__(self, *, metric: str) -> None:
        words = Words(ja="指標「{metric}」では効果を測れません。一覧から選んでください。",
                      en="No effect can be measured on “{metric}”. Choose a metric from the list.")  # fmt: skip
        super().__init__(words.fill(metric=metric))
        self.metric = metric


_STATES = {
    "draft": Words(ja="下書き", en="a draft"),
    "running": Words(ja="実施中", en="running"),
    "paused": Words(ja="一時停止中", en="paused"),
    "ended": Words(ja="終了済み", en="ended"),
}


@transaction.atomic
def create_practice(
    *, name: str, title: Words, flow: Flow, actor: str, now: datetime, priority: int = 0, salt: str = ""
) -> int:
    """Keep a new practice as a draft; answers its id. ``salt`` is for the demo, whose lots must be known beforehand.

    Raises: FlowRefused, MetricUnknown, PracticeExists.
    """
    check(flow=flow)
    check_metrics(flow=flow)
    values = {
        "title_ja": title.ja,
        "title_en": title.en,
        "salt": salt or secrets.token_hex(16),
        "priority": priority,
        "created_at": now,
    }
    practice, created = Practice.objects.get_or_create(name=name, defaults=values)
    if not created:
        raise PracticeExists(name=name)
    PracticeVersion.objects.create(
        practice=practice, number=1, flow=to_text(flow=flow), created_at=now, created_by=actor
    )
    record(actor=actor, action="practices.created", target=f"practice:{name}", detail={"version": 1}, now=now)
    return practice.pk


def check_metrics(*, flow: Flow) -> None:
    """Every goal can be measured customer by customer, else no effect could ever be told. Raises: MetricUnknown."""
    known = {card.name for card in metrics()}
    for goal in (flow.goal, *flow.also):
        if goal.metric not in known or not is_readable(metric=goal.metric):
            raise MetricUnknown(metric=goal.metric)


def check_ready(*, flow: Flow, now: datetime) -> None:
    """Raises: FlowRefused when a step names something that is not there or not in use, or an offer that has nothing to
    give, or asks for reviews by score."""
    found = (*missing(flow=flow), *nothing_to_give(flow=flow, now=now), *chosen_for_reviews(flow=flow))
    if found:
        raise FlowRefused(problems=found)


@transaction.atomic
def rename(*, practice: str, title: Words, priority: int, actor: str, now: datetime) -> None:
    """Change what a practice is called and its rank when two want to send. Raises: PracticeUnknown."""
    row = hold_practice(name=practice)
    row.title_ja, row.title_en, row.priority = title.ja, title.en, priority
    row.save(update_fields=["title_ja", "title_en", "priority"])
    detail = {"priority": priority}
    record(actor=actor, action="practices.renamed", target=f"practice:{practice}", detail=detail, now=now)


@transaction.atomic
def start(*, practice: str, actor: str, now: datetime) -> None:
    """Let moments from now on start it. History never does.

    Raises: PracticeUnknown, WrongState; FlowRefused when a step names something that is not there or not in use, or an
    offer that has nothing to give, or asks for a public review by score.
    """
    row = _in_state(name=practice, allowed={"draft"})
    check_ready(flow=latest_flow(row=row), now=now)
    row.state, row.started_at = "running", now
    row.save(update_fields=["state", "started_at"])
    record(actor=actor, action="practices.started", target=f"practice:{practice}", detail={}, now=now)


@transaction.atomic
def pause(*, practice: str, actor: str, now: datetime) -> None:
    """Stop all its steps, and the messages they have planned; everybody stays where they are with their times.

    Raises: PracticeUnknown, WrongState.
    """
    hold_consent()  # before any lock on a row: no channel decides about a message while this commits
    row = _in_state(name=practice, allowed={"running"})
    hold(practice=practice, now=now)
    row.state, row.paused_at = "paused", now
    row.save(update_fields=["state", "paused_at"])
    record(actor=actor, action="practices.paused", target=f"practice:{practice}", detail=_standing(row), now=now)


@transaction.atomic
def resume(*, practice: str, actor: str, now: datetime) -> None:
    """Go on. Steps that fell due meanwhile are done now; a late message obeys its step's ``late``.

    Raises: PracticeUnknown, WrongState; FlowRefused when an offer has nothing left to give, or a text has come to ask
    for a public review by score.
    """
    hold_consent()
    row = _in_state(name=practice, allowed={"paused"})
    flow = latest_flow(row=row)
    found = (*nothing_to_give(flow=flow, now=now), *chosen_for_reviews(flow=flow))
    if found:
        raise FlowRefused(problems=found)
    row.state, row.paused_at, row.swept_at = "running", None, None
    row.save(update_fields=["state", "paused_at", "swept_at"])
    release(practice=practice, now=now)
    record(actor=actor, action="practices.resumed", target=f"practice:{practice}", detail=_standing(row), now=now)


@transaction.atomic
def end(*, practice: str, actor: str, now: datetime, people: Leaving = "finish") -> int:
    """Nobody new enters. Those inside finish their steps, or leave at once; answers how many left.

    When they leave, what was planned and not sent yet is called off, the last message of those who had finished too.
    Raises: PracticeUnknown, WrongState.
    """
    hold_consent()
    row = _in_state(name=practice, allowed={"draft", "running", "paused"})
    standing = _standing(row)
    row.state, row.ended_at, row.paused_at = "ended", now, None
    row.save(update_fields=["state", "ended_at", "paused_at"])
    left = called_off = 0
    if people == "leave":
        inside = Enrolment.objects.filter(practice=row, state__in=("waiting", "stuck"))
        # First the people: it waits for slices under way, so that what they plan is called off as well.
        left = inside.update(state="left", reason="practice_ended", due_at=None, awaits="", moved_at=now)
        called_off = call_off_all(practice=practice, slug="practice_ended", now=now)
    release(practice=practice, now=now)
    detail = {**standing, "people": people, "left": left, "called_off": called_off}
    record(actor=actor, action="practices.ended", target=f"practice:{practice}", detail=detail, now=now)
    return left


def _in_state(*, name: str, allowed: set[str]) -> Practice:
    row = hold_practice(name=name)
    if row.state not in allowed:
        raise WrongState(name=name, state=row.state)
    return row


def _standing(row: Practice) -> dict[str, object]:
    return {"waiting": Enrolment.objects.filter(practice=row, state="waiting").count()}
