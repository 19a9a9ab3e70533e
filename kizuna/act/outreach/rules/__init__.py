"""Pure decisions about writing to customers: the gate, merge fields, the law, politeness, states."""

from kizuna.act.outreach.rules.drafts import (
    CHANNELS,
    LATE,
    PURPOSES,
    Channel,
    Draft,
    Late,
    Purpose,
    Sendable,
    TaskDraft,
    message_key,
)
from kizuna.act.outreach.rules.gate import Cap, Decision, Never, Send, Situation, Wait, decide
from kizuna.act.outreach.rules.hours import Hours, next_allowed, same_hour_later
from kizuna.act.outreach.rules.merge import FIELDS, BracesOpen, UnknownField
from kizuna.act.outreach.rules.reasons import REASONS, reason_words
from kizuna.act.outreach.rules.states import REACHED, STATES, TRIED, MessageNotThere, NoSuchMessage
from kizuna.act.outreach.rules.wording import LANGUAGES, Body
from kizuna.gates.links import LinkForged

__all__ = [
    "CHANNELS",
    "FIELDS",
    "LANGUAGES",
    "LATE",
    "PURPOSES",
    "REACHED",
    "REASONS",
    "STATES",
    "TRIED",
    "Body",
    "BracesOpen",
    "Cap",
    "Channel",
    "Decision",
    "Draft",
    "Hours",
    "Late",
    "LinkForged",
    "MessageNotThere",
    "Never",
    "NoSuchMessage",
    "Purpose",
    "Send",
    "Sendable",
    "Situation",
    "TaskDraft",
    "UnknownField",
    "Wait",
    "decide",
    "message_key",
    "next_allowed",
    "reason_words",
    "same_hour_later",
]
