from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "kizuna.customers.consent"
    label = "consent"
    verbose_name = "同意 consent"
