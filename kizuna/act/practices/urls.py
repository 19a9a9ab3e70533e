"""Addresses of the practices, mounted at /practices/."""

from django.urls import path

from kizuna.act.practices.views import change, editor, pages

app_name = "practices"

urlpatterns = [
    path("", pages.practice_list, name="list"),
    path("ready/", pages.ready_list, name="ready"),
    path("ready/<slug:name>/", change.adopt, name="adopt"),
    path("new/", editor.new, name="new"),
    path("<slug:name>/", pages.practice_detail, name="detail"),
    path("<slug:name>/reach/", pages.reach, name="reach"),
    path("<slug:name>/people/", pages.people, name="people"),
    path("<slug:name>/state/", change.state, name="state"),
    path("<slug:name>/edit/", editor.edit, name="edit"),
]
