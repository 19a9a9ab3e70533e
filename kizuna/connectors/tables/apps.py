from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "kizuna.connectors.tables"
    label = "tables"
    verbose_name = "ファイル取込 tables"
