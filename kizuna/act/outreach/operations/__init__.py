"""Verbs of writing to customers: plan, claim, report, publish templates, stop, give staff tasks."""

from kizuna.act.outreach.operations.claim import claim
from kizuna.act.outreach.operations.erase import erase_people
from kizuna.act.outreach.operations.expire import expire_stale
from kizuna.act.outreach.operations.give_back import give_back
from kizuna.act.outreach.operations.hold import call_off_all, hold, release
from kizuna.act.outreach.operations.leave_out import leave_out
from kizuna.act.outreach.operations.plan import DraftNotPlannable, plan_messages
from kizuna.act.outreach.operations.recheck import still_wanted
from kizuna.act.outreach.operations.report import (
    accepted,
    answered,
    bounced,
    call_off,
    complained,
    delivered,
    opened,
    refused,
    release_expired,
    replied,
    settle,
    uncertain,
)
from kizuna.act.outreach.operations.sender import SettingsOutOfRange, describe_sender, note_liking
from kizuna.act.outreach.operations.suppress import NoSuchSuppression, lift_suppression
from kizuna.act.outreach.operations.tasks import NoSuchTask, TaskAlreadyClosed, close_task, open_tasks
from kizuna.act.outreach.operations.templates import (
    NoSuchTemplate,
    TemplateMovedOn,
    TemplateNameTaken,
    TemplateNotStorable,
    ensure_template,
    publish_template,
    save_template,
)
from kizuna.act.outreach.operations.unsubscribe import Stopped, refuse_for, resubscribe, unsubscribe

__all__ = [
    "DraftNotPlannable",
    "NoSuchSuppression",
    "NoSuchTask",
    "NoSuchTemplate",
    "SettingsOutOfRange",
    "Stopped",
    "TaskAlreadyClosed",
    "TemplateMovedOn",
    "TemplateNameTaken",
    "TemplateNotStorable",
    "accepted",
    "answered",
    "bounced",
    "call_off",
    "call_off_all",
    "claim",
    "close_task",
    "complained",
    "delivered",
    "describe_sender",
    "ensure_template",
    "erase_people",
    "expire_stale",
    "give_back",
    "hold",
    "leave_out",
    "lift_suppression",
    "note_liking",
    "open_tasks",
    "opened",
    "plan_messages",
    "publish_template",
    "refuse_for",
    "refused",
    "release",
    "release_expired",
    "replied",
    "resubscribe",
    "save_template",
    "settle",
    "still_wanted",
    "uncertain",
    "unsubscribe",
]
