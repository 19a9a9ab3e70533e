from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "kizuna.customers.products"
    label = "products"
    verbose_name = "商品 products"
