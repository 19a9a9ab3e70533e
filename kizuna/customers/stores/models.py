"""Shops and the web shop: places with a code."""

from django.db import models


class Store(models.Model):
    """A place where customers are served; the web shop is one too. Facts name it by its code.

    Personal data: none.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[("web", "web"), ("shop", "shop")])
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
