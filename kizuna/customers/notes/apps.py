from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "kizuna.customers.notes"
    label = "notes"
    verbose_name = "メモ notes"
