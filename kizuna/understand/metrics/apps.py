from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "kizuna.understand.metrics"
    label = "metrics"
    verbose_name = "指標 metrics"
