"""Addresses of the surveys: the staff's under /surveys/, the customers' under /s/."""

from django.urls import path

from kizuna.listen.surveys.views import public, staff

app_name = "surveys"

urlpatterns = [
    path("", staff.survey_list, name="list"),
    path("answers/", staff.answer_list, name="answers"),
    path("answers/export/", staff.answers_export, name="answers_export"),
    path("links/", staff.invitation_list, name="invitations"),
    path("links/<int:invitation_id>/", staff.invitation_detail, name="invitation"),
    path("scales/", staff.scale_list, name="scales"),
    path("<int:survey_id>/", staff.survey_detail, name="detail"),
    path("<int:survey_id>/edit/", staff.survey_edit, name="edit"),
    path("<int:survey_id>/preview/", staff.survey_preview, name="preview"),
    path("<int:survey_id>/issue/", staff.survey_issue, name="issue"),
]

public_urlpatterns = [path("<str:token>", public.answer, name="survey_answer")]
"""Mounted at /s/ without a namespace; open to everybody, the signed token is the proof."""
