from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "kizuna.connectors.mail"
    label = "mail"
    verbose_name = "メール mail"
