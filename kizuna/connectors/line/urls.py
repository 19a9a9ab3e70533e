"""Addresses of LINE: settings under /settings/channels/line/, the webhook at /hooks/line/."""

from django.urls import path

from kizuna.connectors.line import views

app_name = "line"

urlpatterns = [path("", views.settings, name="settings"), path("test/", views.test, name="test")]

public_urlpatterns = [path("line/", views.hook, name="line_hook")]
"""Open to everybody; the signature is the proof."""
