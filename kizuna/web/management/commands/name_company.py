"""``manage.py name_company NAME``: the company's name as every page shows it, set without a browser."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kizuna.web.models import Company


class Command(BaseCommand):
    """Set the company's name."""

    help = "Set the company's name as every page shows it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        Company.objects.update_or_create(pk=1, defaults={"name": options["name"]})
