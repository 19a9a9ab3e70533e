"""Plan messages, thousands at a time, in the transaction of the step that wants them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from kizuna.act.outreach.models import Message, Template, TemplateVersion
from kizuna.act.outreach.rules import CHANNELS, LATE, Draft
from kizuna.customers.stores.queries import among
from kizuna.errors import Invalid
from kizuna.facts.rows.operations import insert_rows, reach, reserve_ids
from kizuna.facts.rows.rules import Outcome
from kizuna.words import Words

_COLUMNS = (
    *("id", "key", "person_id", "channel", "route", "template", "purpose", "values", "practice", "practice_version"),
    *(
        "arm",
        "salt",
        "holdout_share",
        "order_id",
        "premise",
        "invitation_id",
        "priority",
        "late",
        "stale_after_seconds",
    ),
    *("due_at", "next_at", "planned_at", "stale_at"),
)
"""What a plan says; the rest of a message begins as the database's defaults have it."""


class DraftNotPlannable(Invalid):
    """The draft names a template, channel or lateness that there is not."""

    code = "draft_not_plannable"

    def __init__(self, *, field: str, value: object) -> None:
        super().__init__(
            Words(
                ja="配信の項目「{field}」の値「{value}」は使えません。",
                en="The message cannot be planned: its {field} is “{value}”.",
            ).fill(field=field, value=value)
        )
        self.field, self.value = field, value


def plan_messages(*, drafts: Sequence[Draft], now: datetime) -> list[Outcome]:
    """Write messages to be sent when they are due; one outcome per draft, in order. Call it inside ``atomic()``.

    A key that is planned already stays as it is and is answered with ``unchanged``.
    """
    if not drafts:
        return []
    purposes = _purposes(names={draft.template for draft in drafts})
    taken: set[str] = set(
        Message.objects.filter(among(column="key", values=[draft.key for draft in drafts])).values_list(
            "key", flat=True
        )
    )
    outcomes: list[Outcome] = []
    fresh: list[Draft] = []
    for draft in drafts:
        refused = _refusal(draft=draft, purposes=purposes)
        if refused:
            outcomes.append(refused)
        elif draft.key in taken:
            outcomes.append("unchanged")
        else:
            taken.add(draft.key)
            fresh.append(draft)
            outcomes.append("created")
    ids = reserve_ids(model=Message, count=len(fresh))
    insert_rows(model=Message, columns=_COLUMNS, rows=_rows(ids=ids, drafts=fresh, purposes=purposes, now=now))
    reach(label="outreach.planned")
    return outcomes


def _rows(*, ids: range, drafts: Sequence[Draft], purposes: dict[str, str], now: datetime) -> list[tuple[object, ...]]:
    encode = msgspec.json.encode
    return [
        (
            *(id_, one.key, one.person_id, one.channel, "" if one.channel == "auto" else one.channel, one.template),
            *(purposes[one.template], encode(one.values).decode() if one.values else "", one.practice),
            *(one.practice_version, one.arm, one.salt, one.holdout_share, one.order_id, one.premise, one.invitation_id),
            *(one.priority, one.late, one.stale_after_seconds, one.due_at, one.due_at, now, _stale_at(one)),
        )
        for id_, one in zip(ids, drafts, strict=True)
    ]


def _stale_at(draft: Draft) -> datetime | None:
    return draft.due_at + timedelta(seconds=draft.stale_after_seconds) if draft.late == "skip" else None


def _purposes(*, names: set[str]) -> dict[str, str]:
    """The purpose of each template: that of its published version, else of its latest."""
    published = dict(Template.objects.filter(name__in=names).values_list("name", "published"))
    versions = TemplateVersion.objects.filter(template__name__in=names).order_by("number")
    found: dict[str, str] = {}
    for name, number, purpose in versions.values_list("template__name", "number", "purpose"):
        if number <= (published[name] or number):
            found[name] = purpose
    return found


def _refusal(*, draft: Draft, purposes: dict[str, str]) -> DraftNotPlannable | None:
    if draft.template not in purposes:
        return DraftNotPlannable(field="template", value=draft.template)
    if draft.channel != "auto" and draft.channel not in CHANNELS:
        return DraftNotPlannable(field="channel", value=draft.channel)
    if draft.late not in LATE:
        return DraftNotPlannable(field="late", value=draft.late)
    if not 0 < len(draft.key) <= 64:
        return DraftNotPlannable(field="key", value=draft.key[:80])
    return None
