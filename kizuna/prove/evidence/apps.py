from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "kizuna.prove.evidence"
    label = "evidence"
    verbose_name = "効果 evidence"
