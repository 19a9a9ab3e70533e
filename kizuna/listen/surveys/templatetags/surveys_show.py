"""How the survey pages write shares."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.4231 → 42.3; the sign stands in the template."""
    return f"{100 * share:.1f}"
