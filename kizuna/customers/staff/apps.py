from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kizuna.customers.staff"
    label = "staff"
    verbose_name = "スタッフ staff"
