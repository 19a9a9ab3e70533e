"""Addresses of the trials, mounted at /trials/."""

from django.urls import path

from kizuna.prove.trials.views import pages

app_name = "trials"

urlpatterns = [
    path("<str:name>/", pages.practice, name="practice"),
    path("<str:name>/export/", pages.practice_export, name="export"),
    path("<str:name>/plan/", pages.plan, name="plan"),
]
