from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "kizuna.act.offers"
    label = "offers"
    verbose_name = "特典 offers"
