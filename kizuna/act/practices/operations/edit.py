"""Edit a practice while people are inside: they finish their version, move to a step of the new one, or leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet

from kizuna.act.outreach.operations import call_off_all
from kizuna.act.practices.models import Assignment, Enrolment, Practice, PracticeVersion
from kizuna.act.practices.operations.lifecycle import WrongState, check_metrics, check_ready
from kizuna.act.practices.operations.lock import hold_practice
from kizuna.act.practices.queries.editing import EditPlan, WaitingAt, edit_dry_run
from kizuna.act.practices.queries.practices import flow_of
from kizuna.act.practices.rules.check import check
from kizuna.act.practices.rules.flow import Flow, to_text
from kizuna.act.practices.rules.keys import keys_of, sending_steps
from kizuna.act.practices.rules.step import arrive
from kizuna.customers.consent.operations import hold_consent
from kizuna.customers.stores.queries import among
from kizuna.errors import Conflict, Invalid
from kizuna.facts.audit.operations import record
from kizuna.words import Words

MOVE = "move:"


class PeopleWaiting(Conflict):
    """People stand at a step that the edit takes away, and nobody has said what becomes of them."""

    code = "practice_people_waiting"

    def __init__(self, *, waiting: tuple[WaitingAt, ...]) -> None:
        ja = "、".join(f"「{one.node}」に{one.count}人" for one in waiting)
        en = ", ".join(f"{one.count} at “{one.node}”" for one in waiting)
        words = Words(
            ja="削除するステップで待っているお客様がいます（{ja}）。今の内容で最後まで進む・別のステップへ移る・終了するのどれかを選んでください。",
            en="People wait in steps you delete ({en}). Choose: finish as it is, move to another step, or leave.",
        )
        super().__init__(words.fill(ja=ja, en=en))
        self.waiting = waiting


class ArmInUse(Conflict):
    """Customers were assigned to the arm, for good."""

    code = "practice_arm_in_use"

    def __init__(self, *, arms: tuple[str, ...]) -> None:
        words = Words(
            ja="群「{arms}」にはすでにお客様が割り付けられています。削除せず、比率を0にしてください。",
            en="Customers were assigned to “{arms}”. Keep it and set its weight to 0.",
        )
        super().__init__(words.fill(arms="、".join(arms)))
        self.arms = arms


class ChoiceUnknown(Invalid):
    """What should become of the people is none of the choices."""

    code = "practice_choice_unknown"

    def __init__(self, *, node: str, choice: str) -> None:
        words = Words(
            ja="「{node}」で待つお客様の行き先「{choice}」は選べません。",
            en="“{choice}” cannot be chosen for the people at “{node}”.",
        )
        super().__init__(words.fill(node=node, choice=choice))
        self.node, self.choice = node, choice


@transaction.atomic
def edit_practice(
    *, practice: str, flow: Flow, actor: str, now: datetime, choices: Mapping[str, str] | None = None
) -> int:
    """Keep a new version, which new people enter from now on; answers its number.

    ``choices`` says by step what becomes of the people there: ``finish`` (as it is, the default where the step
    stays), ``leave``, or ``move:<step of the new version>``.

    Raises: FlowRefused, MetricUnknown, PracticeUnknown, WrongState, PeopleWaiting, ArmInUse, ChoiceUnknown.
    """
    check(flow=flow)
    check_metrics(flow=flow)
    chosen = dict(choices or {})
    if "leave" in chosen.values():
        hold_consent()  # their messages are called off; before any lock on a row
    row = hold_practice(name=practice)
    if row.state == "ended":
        raise WrongState(name=practice, state=row.state)
    if row.state != "draft":
        check_ready(flow=flow, now=now)
    plan = edit_dry_run(practice=practice, flow=flow)
    _check(plan=plan, flow=flow, choices=chosen)
    version = _keep(row=row, flow=flow, actor=actor, now=now)
    told = {one.node: chosen.get(one.node, "finish") for one in plan.waiting}
    changed = {
        node: _apply(row=row, version=version, node=node, choice=choice, flow=flow, now=now)
        for node, choice in told.items()
        if choice != "finish"
    }
    detail = {"version": version.number, "choices": told, "people": changed}
    record(actor=actor, action="practices.edited", target=f"practice:{practice}", detail=detail, now=now)
    return version.number


def _check(*, plan: EditPlan, flow: Flow, choices: Mapping[str, str]) -> None:
    if plan.arms_in_use:
        raise ArmInUse(arms=plan.arms_in_use)
    undecided = tuple(one for one in plan.undecided if one.node not in choices)
    if undecided:
        raise PeopleWaiting(waiting=undecided)
    for node, choice in choices.items():
        moves = choice.startswith(MOVE) and choice.removeprefix(MOVE) in flow.nodes
        if not moves and choice not in {"finish", "leave"}:
            raise ChoiceUnknown(node=node, choice=choice)


def _keep(*, row: Practice, flow: Flow, actor: str, now: datetime) -> PracticeVersion:
    """A draft that nobody ever entered is written over; anything else gets a new version."""
    text = to_text(flow=flow)
    if row.state == "draft" and not Assignment.objects.filter(practice=row).exists():
        version = PracticeVersion.objects.get(practice=row, number=row.number)
        version.flow, version.created_at, version.created_by = text, now, actor
        version.save(update_fields=["flow", "created_at", "created_by"])
        return version
    row.number += 1
    row.swept_generation, row.swept_at = -1, None
    row.save(update_fields=["number", "swept_generation", "swept_at"])
    return PracticeVersion.objects.create(practice=row, number=row.number, flow=text, created_at=now, created_by=actor)


def _apply(*, row: Practice, version: PracticeVersion, node: str, choice: str, flow: Flow, now: datetime) -> int:
    people = Enrolment.objects.filter(practice=row, node=node, state__in=("waiting", "stuck"))
    people = people.exclude(version=version)
    if choice == "leave":
        return _leave(row=row, people=people, now=now)
    there = arrive(flow=flow, node=choice.removeprefix(MOVE), since=now, now=now)
    return people.update(
        version=version,
        node=there.node,
        occurrence=F("occurrence") + 1,  # a step done before is a new one now, with a message key of its own
        due_at=there.due_at,
        awaits=there.awaits,
        state="waiting",
        reason="",
        attempts=0,
        retry_at=None,
        moved_at=now,
    )


def _leave(*, row: Practice, people: "QuerySet[Enrolment]", now: datetime) -> int:
    """They go at once, and what was planned for them and not sent yet is called off."""
    inside = people.select_for_update(of=("self",)) if connection.features.has_select_for_update else people
    going = list(inside.values_list("id", "version__number", "occurrence"))
    left = Enrolment.objects.filter(among(column="id", values=[id_ for id_, _, _ in going]))
    left.update(state="left", reason="practice_edited", due_at=None, awaits="", moved_at=now)
    call_off_all(practice=row.name, slug="practice_ended", keys=_keys(row=row, going=going), now=now)
    return len(going)


def _keys(*, row: Practice, going: Sequence[tuple[int, int, int]]) -> list[str]:
    """Every message that (enrolment, version, occurrence) can have planned."""
    versions = PracticeVersion.objects.filter(practice=row).values_list("number", "flow")
    steps = {number: sending_steps(flow=flow_of(text=text)) for number, text in versions}
    return [
        key
        for id_, number, occurrence in going
        # Whoever was never moved by hand has only been in one version.
        for before in (steps if occurrence else (number,))
        for _, key in keys_of(
            practice=row.name, version=before, steps=steps[before], enrolment_id=id_, occurrence=occurrence
        )
    ]


@transaction.atomic
def retry_stuck(*, practice: str, actor: str, now: datetime) -> int:
    """Let everybody who is stuck try again, once what held them up is put right; answers how many.

    Raises: PracticeUnknown.
    """
    row = hold_practice(name=practice)
    stuck = Enrolment.objects.filter(practice=row, state="stuck", due_at__isnull=False)
    tried = stuck.update(state="waiting", attempts=0, retry_at=None, reason="", moved_at=now)
    record(actor=actor, action="practices.retried", target=f"practice:{practice}", detail={"people": tried}, now=now)
    return tried
