from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "kizuna.listen.reviews"
    label = "reviews"
    verbose_name = "レビュー reviews"
