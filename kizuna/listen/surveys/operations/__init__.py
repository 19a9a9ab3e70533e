"""Everything that changes surveys, invitations and answers."""

from kizuna.listen.surveys.operations.answer import answer_invitation, open_invitation
from kizuna.listen.surveys.operations.erase import erase_people
from kizuna.listen.surveys.operations.invite import (
    InviteRequest,
    IssuedInvitation,
    OrderOfAnother,
    SurveyClosed,
    invite,
    invite_many,
)
from kizuna.listen.surveys.operations.record import record_answers
from kizuna.listen.surveys.operations.scales import ScaleEmpty, ScaleInUse, confirm_scale, scale_named, scale_of
from kizuna.listen.surveys.operations.standard import SurveyUnknown, edit_survey, ensure_standard_surveys
from kizuna.listen.surveys.operations.undo import undo_import

__all__ = [
    "InviteRequest",
    "IssuedInvitation",
    "OrderOfAnother",
    "ScaleEmpty",
    "ScaleInUse",
    "SurveyClosed",
    "SurveyUnknown",
    "answer_invitation",
    "confirm_scale",
    "edit_survey",
    "ensure_standard_surveys",
    "erase_people",
    "invite",
    "invite_many",
    "open_invitation",
    "record_answers",
    "scale_named",
    "scale_of",
    "undo_import",
]
