"""What is sold, as far as orders tell: a code, a name, a category, a brand."""

from django.db import models


class Product(models.Model):
    """One thing on sale. Facts name it by its code; the last name, category and brand that were not empty are kept.

    Personal data: none.
    """

    code = models.CharField(max_length=200, unique=True)
    name = models.TextField(blank=True)
    category = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name or self.code
