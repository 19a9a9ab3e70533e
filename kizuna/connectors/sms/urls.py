"""Addresses of SMS: settings under /settings/channels/sms/, the service's calls at /hooks/sms/."""

from django.urls import path

from kizuna.connectors.sms import views

app_name = "sms"

urlpatterns = [path("", views.settings, name="settings"), path("test/", views.test, name="test")]

public_urlpatterns = [path("sms/", views.hook, name="sms_hook")]
"""Open to everybody; the signature is the proof."""
