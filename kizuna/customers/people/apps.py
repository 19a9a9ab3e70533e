from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kizuna.customers.people"
    label = "people"
    verbose_name = "顧客 people"
