"""Every address of the application. Features bring their own ``urls``; this file only mounts them."""

from django.urls import URLPattern, URLResolver, include, path

from kizuna.listen.surveys.urls import public_urlpatterns as survey_links
from kizuna.web.pages import home, records, settings, switches

handler400 = "kizuna.web.refusals.unreadable"
handler403 = "kizuna.web.refusals.not_allowed"
handler404 = "kizuna.web.refusals.not_found"
handler500 = "kizuna.web.refusals.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/", switches.language, name="language"),
    path("theme/", switches.theme, name="theme"),
    path("health/", switches.health, name="health"),
    path("settings/", settings.overview, name="settings"),
    path("settings/company/", settings.company, name="company"),
    path("settings/me/", settings.my_account, name="my_account"),
    path("settings/parked/", records.parked_facts, name="parked_facts"),
    path("settings/parked/<int:entry_id>/retry/", records.retry, name="parked_retry"),
    path("settings/parked/<int:entry_id>/discard/", records.discard, name="parked_discard"),
    path("settings/audit/", records.audit_log, name="audit_log"),
    path("settings/audit/export/", records.audit_export, name="audit_export"),
    path("settings/status/", records.system_status, name="system_status"),
    path("accounts/", include("allauth.urls")),
    path("surveys/", include("kizuna.listen.surveys.urls")),
    path("reviews/", include("kizuna.listen.reviews.urls")),
    path("s/", include(survey_links)),
]
