"""What the shell itself keeps: the company's name, and how each member of staff likes the pages."""

from django.conf import settings
from django.db import models


class Company(models.Model):
    """The one company of this deployment, as its customers know it.

    Personal data: none.
    """

    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="web_company_is_one")]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """Language and theme of one member of staff, set again on every device they sign in from.

    Personal data: a choice of language and theme. Basis: employment. Erased by: deleting the user.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=[("ja", "ja"), ("en", "en")], default="ja")
    theme = models.CharField(
        max_length=5, choices=[("auto", "auto"), ("light", "light"), ("dark", "dark")], default="auto"
    )

    def __str__(self) -> str:
        return f"{self.language} {self.theme}"
