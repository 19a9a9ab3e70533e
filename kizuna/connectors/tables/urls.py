"""Addresses of the import pages, under /imports/."""

from django.urls import path

from kizuna.connectors.tables import views

app_name = "tables"

urlpatterns = [
    path("", views.index, name="index"),
    path("upload/", views.upload, name="upload"),
    path("export/", views.export, name="export"),
    path("example/<slug:layout>/", views.example, name="example"),
    path("<int:import_id>/", views.run, name="run"),
    path("<int:import_id>/preview/", views.preview_page, name="preview"),
    path("<int:import_id>/discard/", views.discard_upload, name="discard"),
    path("<int:import_id>/progress/", views.progress, name="progress"),
    path("<int:import_id>/errors/", views.errors, name="errors"),
    path("<int:import_id>/undo/", views.undo_import, name="undo"),
]
