"""Addresses of the trials, mounted at /trials/."""

from django.urls import path

from kizuna.prove.trials.views import pages, people, stores

app_name = "trials"

urlpatterns = [
    # Before the practices, whose names stand in the same place: none can be called so (the editor refuses).
    path("stores/", stores.stores_page, name="stores"),
    path("stores/export/", stores.stores_export, name="stores_export"),
    path("compare/", people.people_page, name="people"),
    path("compare/export/", people.people_export, name="people_export"),
    path("<str:name>/", pages.practice, name="practice"),
    path("<str:name>/export/", pages.practice_export, name="export"),
    path("<str:name>/plan/", pages.plan, name="plan"),
]
