"""Verbs of writing to customers: plan, claim, report, publish templates, stop, give staff tasks."""

from kizuna.act.outreach.operations.claim import claim
from kizuna.act.outreach.operations.plan import DraftNotPlannable, plan_messages
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
    settle,
    uncertain,
)
from kizuna.act.outreach.operations.suppress import NoSuchSuppression, address_digest, lift_suppression
from kizuna.act.outreach.operations.tasks import NoSuchTask, TaskAlreadyClosed, close_task, open_tasks
from kizuna.act.outreach.operations.templates import (
    NoSuchTemplate,
    TemplateNotStorable,
    ensure_template,
    save_template,
)
from kizuna.act.outreach.operations.unsubscribe import Stopped, resubscribe, unsubscribe

__all__ = [
    "DraftNotPlannable",
    "NoSuchSuppression",
    "NoSuchTask",
    "NoSuchTemplate",
    "Stopped",
    "TaskAlreadyClosed",
    "TemplateNotStorable",
    "accepted",
    "address_digest",
    "answered",
    "bounced",
    "call_off",
    "claim",
    "close_task",
    "complained",
    "delivered",
    "ensure_template",
    "lift_suppression",
    "open_tasks",
    "opened",
    "plan_messages",
    "refused",
    "release_expired",
    "resubscribe",
    "save_template",
    "settle",
    "uncertain",
    "unsubscribe",
]
