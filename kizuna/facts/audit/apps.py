from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kizuna.facts.audit"
    label = "audit"
    verbose_name = "監査ログ audit"
