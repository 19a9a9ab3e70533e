"""The surveys themselves: the ready-made ones, and editing their texts."""

from collections.abc import Mapping
from datetime import datetime

from kizuna.errors import NotFound
from kizuna.listen.surveys.models import Survey
from kizuna.listen.surveys.rules import READY_MADE
from kizuna.words import Words

EDITABLE = (
    "name_ja",
    "name_en",
    "brand_ja",
    "brand_en",
    "question_ja",
    "question_en",
    "why_ja",
    "why_en",
    "thanks_ja",
    "thanks_en",
    "touchpoint",
    "active",
)
"""The instrument is not among them: answers on two scales under one survey would be mixed silently."""


class SurveyUnknown(NotFound):
    """There is no such survey."""

    code = "survey_unknown"

    def __init__(self) -> None:
        super().__init__(Words(ja="アンケートが見つかりません。", en="There is no such survey."))


def ensure_standard_surveys(*, now: datetime) -> int:
    """Create the ready-made surveys that are missing and leave the others as staff have edited them."""
    made = 0
    for ready in READY_MADE:
        _, created = Survey.objects.get_or_create(
            slug=ready.slug,
            defaults={
                "instrument": ready.instrument,
                "touchpoint": ready.touchpoint,
                "name_ja": ready.name.ja,
                "name_en": ready.name.en,
                "question_ja": ready.question.ja,
                "question_en": ready.question.en,
                "why_ja": ready.why.ja,
                "why_en": ready.why.en,
                "thanks_ja": ready.thanks.ja,
                "thanks_en": ready.thanks.en,
                "created_at": now,
            },
        )
        made += created
    return made


def edit_survey(*, survey_id: int, texts: Mapping[str, object]) -> None:
    """Change a survey's texts, touchpoint or whether it is asked. Raises ``SurveyUnknown``."""
    changed = {name: value for name, value in texts.items() if name in EDITABLE}
    if not Survey.objects.filter(pk=survey_id).update(**changed):
        raise SurveyUnknown
