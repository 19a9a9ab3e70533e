from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "kizuna.facts.outbox"
    label = "outbox"
    verbose_name = "送信箱 outbox"
