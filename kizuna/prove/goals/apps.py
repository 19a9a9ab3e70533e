from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "kizuna.prove.goals"
    label = "goals"
    verbose_name = "目標 goals"
