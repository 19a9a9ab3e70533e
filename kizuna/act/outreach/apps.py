from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "kizuna.act.outreach"
    label = "outreach"
    verbose_name = "配信 outreach"
