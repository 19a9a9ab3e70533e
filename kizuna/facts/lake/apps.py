from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "kizuna.facts.lake"
    label = "lake"
    verbose_name = "事実の湖 lake"
