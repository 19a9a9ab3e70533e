from django.apps import AppConfig


class StateConfig(AppConfig):
    name = "kizuna.facts.state"
    label = "state"
    verbose_name = "状態 state"
