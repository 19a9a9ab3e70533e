"""A new company can ask its first question without writing it."""

from django.db import migrations
from django.utils import timezone

from kizuna.listen.surveys.rules import READY_MADE


def add(apps, schema_editor):
    survey = apps.get_model("surveys", "Survey")
    for ready in READY_MADE:
        survey.objects.get_or_create(
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
                "created_at": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
