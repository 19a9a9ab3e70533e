"""Addresses of the goals, mounted at /goals/."""

from django.urls import path

from kizuna.prove.goals import views

app_name = "goals"

urlpatterns = [
    path("", views.goal_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("<int:goal_id>/", views.detail, name="detail"),
    path("<int:goal_id>/edit/", views.edit, name="edit"),
    path("<int:goal_id>/close/", views.close, name="close"),
    path("<int:goal_id>/reopen/", views.reopen, name="reopen"),
]
