"""Addresses of the offers, under /offers/."""

from django.urls import path

from kizuna.act.offers.views import pages, till

app_name = "offers"

urlpatterns = [
    path("", pages.offer_list, name="list"),
    path("export/", pages.offers_export, name="export"),
    path("new/", pages.choose_kind, name="create"),
    path("new/<slug:kind>/", pages.offer_new, name="new"),
    path("till/", till.till, name="till"),
    path("till/redeem/", till.redeem_at_till, name="redeem"),
    path("till/reverse/", till.reverse_at_till, name="reverse"),
    path("<int:offer_id>/", pages.offer_detail, name="detail"),
    path("<int:offer_id>/edit/", pages.offer_edit, name="edit"),
    path("<int:offer_id>/publish/", pages.offer_publish, name="publish"),
    path("<int:offer_id>/stop/", pages.offer_stop, name="stop"),
    path("<int:offer_id>/limits/", pages.offer_limits, name="limits"),
    path("<int:offer_id>/pool/", pages.offer_pool, name="pool"),
    path("<int:offer_id>/give/", pages.offer_give, name="give"),
    path("<int:offer_id>/uses/export/", pages.uses_export, name="uses_export"),
]
