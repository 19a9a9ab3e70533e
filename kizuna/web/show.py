"""Small template helpers that every page uses; a builtin, so no template has to load it."""

from datetime import date, datetime

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from kizuna.customers.staff.queries import present
from kizuna.web.figures import yen_text
from kizuna.web.spans import span_short, span_words
from kizuna.words import Words

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon, silent for screen readers."""
    return format_html('<i class="ti ti-{} {}" aria-hidden="true"></i>', name, extra)


DAY = Words(ja="Y/m/d", en="j M Y")


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """2026/10/31, or 31 Oct 2026 in English; nothing for no date."""
    return date_format(value, str(DAY)) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None, precision: str = "minutes") -> str:
    """The day and the time of it, in the shop's time zone."""
    return date_format(value, f"{DAY} H:i:s" if precision == "seconds" else f"{DAY} H:i") if value else ""


@register.filter
def month(value: str, width: str = "") -> str:
    """``2026-10`` as 2026年10月 or Oct 2026; ``|month:"short"`` where space is scarce."""
    return str((span_short if width == "short" else span_words)(dim="month", value=value))


@register.filter
def yen(value: int) -> str:
    """A sum of money: 12,345円, or 12,345 yen in English."""
    return yen_text(value)


@register.filter
def ago(value: datetime | None) -> str:
    """«3か月前», in the largest unit only: nobody counts the weeks of a year."""
    if value is None:
        return ""
    since = timesince(value, present(), depth=1).replace("ヶ月", "か月")
    return str(Words(ja="{since}前", en="{since} ago").fill(since=since))


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in the look of the shell, tied to its help and errors."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        look = "form-check-input"
    elif isinstance(widget, Select):
        look = "form-select"
    else:
        look = "form-control"
    attributes: dict[str, str | bool] = {"class": f"{look} is-invalid" if field.errors else look}
    described = [f"{field.auto_id}_help"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the label stands behind the control."""
    return isinstance(field.field.widget, CheckboxInput) and not isinstance(field.field.widget, FileInput)


@register.filter
def is_many(field: BoundField) -> bool:
    """Whether the field is a group of choices rather than one control."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """``mapping[key]``, or None."""
    return mapping.get(key)


class _Capture(Node):
    def __init__(self, *, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> Node:
    """``{% capture name %}…{% endcapture %}``: the page title is written once and shown in the tab and on the page."""
    name = token.split_contents()[1]
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(name=name, nodelist=nodelist)
