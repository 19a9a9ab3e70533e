from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "kizuna.connectors.sms"
    label = "sms"
    verbose_name = "SMS"
