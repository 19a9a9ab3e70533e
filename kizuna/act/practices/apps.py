from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "kizuna.act.practices"
    label = "practices"
    verbose_name = "接客方法 practices"
