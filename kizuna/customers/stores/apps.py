from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "kizuna.customers.stores"
    label = "stores"
    verbose_name = "店舗 stores"
