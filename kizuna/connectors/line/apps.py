from django.apps import AppConfig


class LineConfig(AppConfig):
    name = "kizuna.connectors.line"
    label = "line"
    verbose_name = "LINE"
