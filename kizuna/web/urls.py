"""Every address of the application. Features bring their own ``urls``; this file only mounts them."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from kizuna.act.outreach.urls import public_urlpatterns as ways_out
from kizuna.act.outreach.urls import task_urlpatterns
from kizuna.connectors.line.urls import public_urlpatterns as line_hooks
from kizuna.connectors.mail.urls import outbox_urlpatterns
from kizuna.connectors.sms.urls import public_urlpatterns as sms_hooks
from kizuna.listen.surveys.urls import public_urlpatterns as survey_links
from kizuna.web import company_login
from kizuna.web.pages import (
    channels,
    customer,
    customers,
    home,
    journey,
    metrics,
    records,
    replies,
    settings,
    staff,
    switches,
    vital_few,
)

handler400 = "kizuna.web.refusals.unreadable"
handler403 = "kizuna.web.refusals.not_allowed"
handler404 = "kizuna.web.refusals.not_found"
handler500 = "kizuna.web.refusals.server_error"


class MetricName:
    """A metric's name in an address. A company's own question may hold a slash, which would end the segment."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The name as it is known."""
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        """The name without a slash; its percent signs are doubled up so that the way back is exact."""
        return value.replace("%", "%25").replace("/", "%2F")


register_converter(MetricName, "metric")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/", switches.language, name="language"),
    path("theme/", switches.theme, name="theme"),
    path("health/", switches.health, name="health"),
    path("voices/", home.home_answers, name="home_answers"),
    path("effects/", home.home_effects, name="home_effects"),
    path("journey/", journey.journey, name="journey"),
    path("journey/export/", journey.journey_export, name="journey_export"),
    path("metrics/", metrics.metric_list, name="metrics"),
    path("metrics/cohorts/", vital_few.cohort_table, name="cohorts"),
    path("metrics/cohorts/export/", vital_few.cohorts_export, name="cohorts_export"),
    path("metrics/top/", vital_few.top, name="top_customers"),
    path("metrics/<metric:name>/", metrics.metric, name="metric"),
    path("metrics/<metric:name>/export/", metrics.metric_export, name="metric_export"),
    path("customers/", customers.customers, name="customers"),
    path("customers/export/", customers.customers_export, name="customers_export"),
    path("customers/<int:person_id>/", customer.customer, name="customer"),
    path("customers/<int:person_id>/note/", customer.customer_note, name="customer_note"),
    path("customers/<int:person_id>/merge/", customer.customer_merge, name="customer_merge"),
    path(
        "customers/<int:person_id>/evidence/<int:evidence_id>/retract/",
        customer.customer_retract,
        name="customer_retract",
    ),
    path("customers/<int:person_id>/survey/", customer.customer_survey, name="customer_survey"),
    path("settings/", settings.overview, name="settings"),
    path("settings/company/", settings.company, name="company"),
    path("settings/stores/", staff.store_list, name="stores"),
    path("settings/stores/edit/", staff.store_edit, name="store_edit"),
    path("settings/staff/", staff.staff_list, name="staff"),
    path("settings/staff/new/", staff.staff_invite, name="staff_invite"),
    path("settings/staff/<int:user_id>/", staff.staff_member, name="staff_member"),
    path("settings/me/", settings.my_account, name="my_account"),
    path("settings/parked/", records.parked_facts, name="parked_facts"),
    path("settings/parked/<int:entry_id>/retry/", records.retry, name="parked_retry"),
    path("settings/parked/<int:entry_id>/discard/", records.discard, name="parked_discard"),
    path("settings/audit/", records.audit_log, name="audit_log"),
    path("settings/audit/export/", records.audit_export, name="audit_export"),
    path("settings/status/", records.system_status, name="system_status"),
    path("settings/status/check/", records.system_check, name="system_check"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/settle/<int:message_id>/", channels.channel_settle, name="channel_settle"),
    path("settings/channels/mail/", include("kizuna.connectors.mail.urls")),
    path("settings/channels/line/", include("kizuna.connectors.line.urls")),
    path("settings/channels/sms/", include("kizuna.connectors.sms.urls")),
    path("outbox/", include(outbox_urlpatterns)),
    path("hooks/", include([*line_hooks, *sms_hooks])),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/oidc/<str:provider_id>/login/", company_login.login, name="openid_connect_login"),
    path("accounts/oidc/<str:provider_id>/login/callback/", company_login.callback, name="openid_connect_callback"),
    path("imports/", include("kizuna.connectors.tables.urls")),
    path("surveys/", include("kizuna.listen.surveys.urls")),
    path("reviews/", include("kizuna.listen.reviews.urls")),
    path("practices/", include("kizuna.act.practices.urls")),
    path("evidence/", include("kizuna.prove.evidence.urls")),
    path("improvements/", include("kizuna.prove.improvements.urls")),
    path("goals/", include("kizuna.prove.goals.urls")),
    path("trials/", include("kizuna.prove.trials.urls")),
    path("offers/", include("kizuna.act.offers.urls")),
    path("s/", include(survey_links)),
    path("messages/replies/", replies.replies, name="replies"),
    path("messages/replies/export/", replies.replies_export, name="replies_export"),
    path("messages/", include("kizuna.act.outreach.urls")),
    path("tasks/", include((task_urlpatterns, "tasks"))),
    path("", include(ways_out)),
]
