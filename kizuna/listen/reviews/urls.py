"""Addresses of the reviews, under /reviews/."""

from django.urls import path

from kizuna.listen.reviews import views

app_name = "reviews"

urlpatterns = [
    path("", views.review_list, name="list"),
    path("export/", views.reviews_export, name="export"),
]
