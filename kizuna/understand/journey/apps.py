from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "kizuna.understand.journey"
    label = "journey"
    verbose_name = "カスタマージャーニー journey"
