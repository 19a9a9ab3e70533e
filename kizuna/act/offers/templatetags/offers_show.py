"""Small template helpers of the offers' pages."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from kizuna.words import Words

register = template.Library()


@register.filter
def at(values: Mapping[object, object], key: object) -> object:
    """The value under a key, nothing where there is none."""
    return values.get(key, "")


@register.filter
def last_moment(over: datetime | None) -> str:
    """The last day a coupon is good, for one that ends at midnight; else the very minute."""
    if over is None:
        return ""
    last = timezone.localtime(over - timedelta(seconds=1))
    return date_format(last, str(Words(ja="Y/m/d H:i", en="j M Y H:i")))
