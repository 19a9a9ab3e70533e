from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "kizuna.customers.orders"
    label = "orders"
    verbose_name = "注文 orders"
