from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "kizuna.listen.surveys"
    label = "surveys"
    verbose_name = "アンケート surveys"
