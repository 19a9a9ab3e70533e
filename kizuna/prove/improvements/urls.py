"""Addresses of the improvements, mounted at /improvements/."""

from django.urls import path

from kizuna.prove.improvements.views import acts, pages

app_name = "improvements"

urlpatterns = [
    path("", pages.board, name="board"),
    path("export/", pages.export, name="export"),
    path("new/", pages.new, name="new"),
    path("<int:improvement_id>/", pages.detail, name="detail"),
    path("<int:improvement_id>/edit/", pages.edit, name="edit"),
    path("<int:improvement_id>/voices/", pages.voices, name="voices"),
    path("<int:improvement_id>/link/", acts.link, name="link"),
    path("<int:improvement_id>/unlink/", acts.unlink, name="unlink"),
    path("<int:improvement_id>/move/", acts.move_on, name="move"),
    path("<int:improvement_id>/undo/", acts.undo, name="undo"),
    path("<int:improvement_id>/tell/", acts.tell_askers, name="tell"),
]
