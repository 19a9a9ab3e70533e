"""Nouns of writing to customers."""

from kizuna.act.outreach.queries.doubts import Doubt, doubt_tally, doubts, person_of
from kizuna.act.outreach.queries.export import export_people
from kizuna.act.outreach.queries.messages import (
    CopyCard,
    MessageCard,
    MessageFilter,
    MessagePage,
    counts,
    each_message,
    message,
    messages,
    messages_of,
    reasons,
    used_practices,
)
from kizuna.act.outreach.queries.moments import moments_of
from kizuna.act.outreach.queries.public import WayOut, way_out
from kizuna.act.outreach.queries.reach import WAYS, Reach, StopCard, Way, reach_of
from kizuna.act.outreach.queries.sender import Settings, settings_in_force
from kizuna.act.outreach.queries.tasks import (
    KINDS,
    TaskCard,
    TaskFilter,
    TaskPage,
    task,
    task_tallies,
    tasks,
)
from kizuna.act.outreach.queries.templates import (
    TemplateCard,
    TemplateUnknown,
    VersionCard,
    bodies_of,
    preview,
    render_preview,
    template,
    template_titles,
    templates,
)

__all__ = [
    "KINDS",
    "WAYS",
    "CopyCard",
    "Doubt",
    "MessageCard",
    "MessageFilter",
    "MessagePage",
    "Reach",
    "Settings",
    "StopCard",
    "TaskCard",
    "TaskFilter",
    "TaskPage",
    "TemplateCard",
    "TemplateUnknown",
    "VersionCard",
    "Way",
    "WayOut",
    "bodies_of",
    "counts",
    "doubt_tally",
    "doubts",
    "each_message",
    "export_people",
    "message",
    "messages",
    "messages_of",
    "moments_of",
    "person_of",
    "preview",
    "reach_of",
    "reasons",
    "render_preview",
    "settings_in_force",
    "task",
    "task_tallies",
    "tasks",
    "template",
    "template_titles",
    "templates",
    "used_practices",
    "way_out",
]
