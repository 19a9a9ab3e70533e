"""Addresses of mail: settings and returned mail under /settings/channels/mail/, the local outbox under /outbox/."""

from django.urls import path

from kizuna.connectors.mail import views

app_name = "mail"

urlpatterns = [
    path("", views.settings, name="settings"),
    path("test/", views.test, name="test"),
    path("returns/", views.returns, name="returns"),
    path("returns/<int:return_id>/", views.return_page, name="return"),
    path("returns/<int:return_id>/aside/", views.return_aside, name="return_aside"),
]

outbox_urlpatterns = (
    [
        path("", views.outbox, name="list"),
        path("<int:mail_id>/", views.outbox_mail, name="mail"),
        path("<int:mail_id>/html/", views.outbox_html, name="html"),
        path("<int:mail_id>/raw/", views.outbox_raw, name="raw"),
    ],
    "outbox",
)
"""With a namespace of their own, since a list of mails is no setting."""
