from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "kizuna.connectors.channels"
    label = "channels"
    verbose_name = "配信経路 channels"
