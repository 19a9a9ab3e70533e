"""Addresses: messages under /messages/, tasks under /tasks/, the customers' way out under /u/."""

from django.urls import path

from kizuna.act.outreach.views import messages, public, settings, tasks, templates

app_name = "outreach"

urlpatterns = [
    path("", messages.message_list, name="list"),
    path("export/", messages.messages_export, name="export"),
    path("settings/", settings.messaging, name="settings"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/new/", templates.template_new, name="template_new"),
    path("templates/<slug:name>/", templates.template_detail, name="template"),
    path("templates/<slug:name>/edit/", templates.template_edit, name="template_edit"),
    path("templates/<slug:name>/publish/", templates.template_publish, name="template_publish"),
    path("customers/<int:person_id>/", messages.customer, name="customer"),
    path("customers/<int:person_id>/refuse/", messages.refuse, name="refuse"),
    path("stops/<int:suppression_id>/lift/", messages.lift, name="lift"),
    path("<int:message_id>/", messages.message_detail, name="message"),
]

task_urlpatterns = [
    path("", tasks.task_list, name="list"),
    path("<int:task_id>/", tasks.task_detail, name="detail"),
    path("<int:task_id>/print/", tasks.task_print, name="print"),
]
"""Mounted at /tasks/ under the namespace «tasks»."""

public_urlpatterns = [
    path("u/<str:token>/", public.unsubscribe_page, name="unsubscribe"),
    path("o/<str:token>.gif", public.picture, name="opened"),
]
"""Mounted at the top without a namespace; open to everybody, the signed token is the proof."""
