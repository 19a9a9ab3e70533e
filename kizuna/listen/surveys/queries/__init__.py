"""Reading surveys, invitations and answers."""

from kizuna.listen.surveys.queries.answers import (
    AnswerCard,
    AnswerFilter,
    AnswerPage,
    answer_cards,
    answers,
    answers_of,
    each_answer,
    latest_answers,
)
from kizuna.listen.surveys.queries.export import export_people
from kizuna.listen.surveys.queries.links import LinkPage, link_page, preview_page
from kizuna.listen.surveys.queries.moments import ScoreMoment, score_moments
from kizuna.listen.surveys.queries.surveys import (
    InvitationCard,
    OwnInstrumentCard,
    SurveyCard,
    invitation,
    invitations,
    own_instruments,
    own_titles,
    survey,
    survey_id_of,
    surveys,
)

__all__ = [
    "AnswerCard",
    "AnswerFilter",
    "AnswerPage",
    "InvitationCard",
    "LinkPage",
    "OwnInstrumentCard",
    "ScoreMoment",
    "SurveyCard",
    "answer_cards",
    "answers",
    "answers_of",
    "each_answer",
    "export_people",
    "invitation",
    "invitations",
    "latest_answers",
    "link_page",
    "own_instruments",
    "own_titles",
    "preview_page",
    "score_moments",
    "survey",
    "survey_id_of",
    "surveys",
]
