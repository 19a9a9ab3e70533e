from django.apps import AppConfig


class ImprovementsConfig(AppConfig):
    name = "kizuna.prove.improvements"
    label = "improvements"
    verbose_name = "改善 improvements"
