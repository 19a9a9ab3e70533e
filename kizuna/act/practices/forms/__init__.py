"""The editor's form: what may be filled in, and the way from a flow to the form and back."""

from kizuna.act.practices.forms.draft import (
    ArmDraft,
    Draft,
    StepDraft,
    draft_of,
    flow_of_draft,
    new_draft,
    priority_of,
    read_draft,
)
from kizuna.act.practices.forms.fields import Choices, Field, Filled, filled, step_fields, trigger_fields, whole_fields

__all__ = [
    "ArmDraft",
    "Choices",
    "Draft",
    "Field",
    "Filled",
    "StepDraft",
    "draft_of",
    "filled",
    "flow_of_draft",
    "new_draft",
    "priority_of",
    "read_draft",
    "step_fields",
    "trigger_fields",
    "whole_fields",
]
