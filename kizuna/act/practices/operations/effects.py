"""Do what a step says, for everybody who stands before it at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from kizuna.act.offers.operations import issue_coupons
from kizuna.act.offers.rules.wanted import CouponRequest, IssuedCoupon
from kizuna.act.outreach.operations import open_tasks, plan_messages
from kizuna.act.outreach.rules import Draft, TaskDraft, message_key
from kizuna.act.practices.models import PersonTag, Practice
from kizuna.act.practices.rules.flow import (
    Coupon,
    Flow,
    Note,
    Send,
    Survey,
    Tag,
    TaskStep,
    is_about_an_order,
)
from kizuna.act.practices.rules.flow import Step as FlowStep
from kizuna.customers.notes.operations import take_note
from kizuna.errors import Refusal
from kizuna.facts.rows.operations import insert_new_rows, reach, reserve_ids
from kizuna.listen.surveys.operations import InviteRequest, invite_many
from kizuna.listen.surveys.queries import survey_id_of


@dataclass(slots=True)
class Traveller:
    """One enrolment under way. ``values`` are merge values gathered so far; ``refusal`` stops it where it stands."""

    id: int
    node: str
    occurrence: int
    due_at: datetime
    person_id: int
    text: str
    arm: str
    share: float
    tried: bool
    context: dict[str, object] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    def open(self) -> None:
        """Read what is known of what began it."""
        self.context = msgspec.json.decode(self.text, type=dict[str, object]) if self.text else {}
        values = self.context.get("values")
        self.values = dict(values) if isinstance(values, dict) else {}

    def close(self) -> str:
        """The context as it is kept."""
        return msgspec.json.encode({**self.context, "values": self.values}).decode()

    def number(self, *, name: str) -> int | None:
        """An id from the context."""
        found = self.context.get(name)
        return found if isinstance(found, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all travellers of one version share."""

    practice: Practice
    version: int
    flow: Flow
    now: datetime

    def key(self, *, traveller: Traveller, node: str) -> str:
        """The name for ever of what this step makes for this traveller."""
        return message_key(
            practice=self.practice.name,
            version=self.version,
            enrolment_id=traveller.id,
            node=node,
            occurrence=traveller.occurrence,
        )


Party = Sequence[Traveller]


def perform(*, step: FlowStep, node: str, party: Party, setting: Setting) -> None:
    """Do ``step`` for all of ``party``; somebody for whom it is refused gets the refusal and stops."""
    _PERFORMERS[type(step)](step, node, party, setting)


def _send(step: Send, node: str, party: Party, setting: Setting) -> None:
    _plan(step=step, node=node, party=party, setting=setting, invitations={})


def _survey(step: Survey, node: str, party: Party, setting: Setting) -> None:
    survey = survey_id_of(slug=step.survey)
    requests = [
        InviteRequest(person_id=one.person_id, order_id=one.number(name="order_id"), store=_store(traveller=one))
        for one in party
    ]
    channel = "mail" if step.channel == "auto" else step.channel
    issued = invite_many(survey_id=survey, requests=requests, channel=channel, now=setting.now)
    for one, invitation in zip(party, issued, strict=True):
        one.values["アンケート.リンク"] = invitation.url
    invitations = {one.id: invitation.invitation_id for one, invitation in zip(party, issued, strict=True)}
    _plan(step=step, node=node, party=party, setting=setting, invitations=invitations)


def _coupon(step: Coupon, node: str, party: Party, setting: Setting) -> None:
    practice = setting.practice.name
    requests = [
        CouponRequest(person_id=one.person_id, key=setting.key(traveller=one, node=node), practice=practice)
        for one in party
    ]
    given = issue_coupons(offer=step.offer, requests=requests, now=setting.now)
    reach(label="practices.coupons")
    for one, coupon in zip(party, given, strict=True):
        if isinstance(coupon, IssuedCoupon):
            until = coupon.last_day
            one.values |= {
                "クーポン.コード": coupon.code,
                "クーポン.名前": coupon.title.ja,
                "クーポン.期限": f"{until.year}年{until.month}月{until.day}日",
            }
        else:
            one.refusal = coupon


def _task(step: TaskStep, node: str, party: Party, setting: Setting) -> None:
    due_at = setting.now + timedelta(hours=step.due_hours)
    drafts = [
        TaskDraft(
            key=setting.key(traveller=one, node=node),
            person_id=one.person_id,
            kind=step.kind,
            title=step.title,
            body=step.body,
            store=_store(traveller=one),
            due_at=due_at,
            practice=setting.practice.name,
            practice_version=setting.version,
        )
        for one in party
    ]
    open_tasks(drafts=drafts, now=setting.now)


def _note(step: Note, node: str, party: Party, setting: Setting) -> None:
    del node
    for one in party:
        take_note(
            person_id=one.person_id,
            text=step.text,
            kind="other",
            store=_store(traveller=one),
            author_id=None,
            now=setting.now,
        )


def _tag(step: Tag, node: str, party: Party, setting: Setting) -> None:
    del node
    people = sorted({one.person_id for one in party})
    rows = [
        (id_, person, step.tag.strip(), setting.practice.pk, setting.now)
        for id_, person in zip(reserve_ids(model=PersonTag, count=len(people)), people, strict=True)
    ]
    insert_new_rows(model=PersonTag, columns=("id", "person_id", "tag", "practice_id", "tagged_at"), rows=rows)


def _plan(*, step: Send | Survey, node: str, party: Party, setting: Setting, invitations: Mapping[int, int]) -> None:
    practice, about = setting.practice, is_about_an_order(flow=setting.flow)
    premise = step.premise or "" if isinstance(step, Send) else ""
    drafts = [
        Draft(
            key=setting.key(traveller=one, node=node),
            person_id=one.person_id,
            channel=step.channel,
            template=step.template,
            values=one.values,
            practice=practice.name,
            practice_version=setting.version,
            arm=one.arm,
            salt=practice.salt,
            holdout_share=one.share,
            due_at=one.due_at,
            late=step.late,
            stale_after_seconds=step.stale_hours * 3600,
            priority=practice.priority,
            order_id=one.number(name="order_id") if about else None,
            premise=premise,
            invitation_id=invitations.get(one.id),
        )
        for one in party
    ]
    for one, outcome in zip(party, plan_messages(drafts=drafts, now=setting.now), strict=True):
        if isinstance(outcome, Refusal):
            one.refusal = outcome


def _store(*, traveller: Traveller) -> str:
    return str(traveller.context.get("store") or "")


_PERFORMERS: Mapping[type, Callable[..., None]] = {
    Send: _send,
    Survey: _survey,
    Coupon: _coupon,
    TaskStep: _task,
    Note: _note,
    Tag: _tag,
}
