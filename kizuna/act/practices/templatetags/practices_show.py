"""Small helpers of the practices' templates."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(counts: Mapping[str, int], key: str) -> int:
    """The count under a key, 0 when there is none."""
    return counts.get(key, 0)


@register.filter
def width(share: float) -> str:
    """A share as the width of a drawn bar."""
    return f"{share * 100:.2f}%"
