"""Addresses of the evidence, mounted at /evidence/."""

from django.urls import path

from kizuna.prove.evidence import views

app_name = "evidence"

urlpatterns = [
    path("", views.league_page, name="league"),
    path("export/", views.league_export, name="export"),
]
