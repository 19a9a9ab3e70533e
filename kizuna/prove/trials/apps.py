from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "kizuna.prove.trials"
    label = "trials"
    verbose_name = "検証 trials"
