"""What every page needs around its content: company, navigation, language and theme."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kizuna.customers.staff.models import User
from kizuna.web.access import is_allowed
from kizuna.web.models import Company
from kizuna.words import Words

IMPORTS = "tables:index"
THEME_COOKIE = "kizuna_theme"
YEAR_SECONDS = 365 * 86_400
Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")


ACCOUNT = (
    "account_change_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "company",
    "staff_invite",
    "staff_member",
    "store_edit",
    *("channels", "mail:settings", "mail:returns", "mail:return", "line:settings", "sms:settings"),
    *("outbox:list", "outbox:mail"),
)
"""Pages reached from the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the navigation; ``belongs`` are further view names that light it up."""

    view: str
    icon: str
    words: Words
    belongs: tuple[str, ...] = ()
    on_bar: bool = False


NAVIGATION: tuple[Entry, ...] = (
    Entry(view="home", icon="home", words=Words(ja="ホーム", en="Home"), on_bar=True),
    Entry(view="journey", icon="route", words=Words(ja="ジャーニー", en="Journey"), on_bar=True),
    Entry(
        view="metrics",
        icon="chart-dots",
        words=Words(ja="指標", en="Metrics"),
        belongs=("metric", "cohorts", "top_customers"),
        on_bar=True,
    ),
    Entry(view="customers", icon="users", words=Words(ja="お客様", en="Customers"), belongs=("customer",), on_bar=True),
    Entry(view="evidence:league", icon="trophy", words=Words(ja="効果", en="What works")),
    Entry(view="practices:list", icon="heart-handshake", words=Words(ja="接客方法", en="Practices")),
    Entry(view="improvements:board", icon="bulb", words=Words(ja="改善", en="Improvements")),
    Entry(view="goals:list", icon="target-arrow", words=Words(ja="目標", en="Goals")),
    Entry(view="surveys:list", icon="message-question", words=Words(ja="アンケート", en="Surveys")),
    Entry(view="reviews:list", icon="star", words=Words(ja="レビュー", en="Reviews")),
    Entry(view="offers:list", icon="gift", words=Words(ja="特典", en="Offers")),
    Entry(view="outreach:list", icon="send", words=Words(ja="配信", en="Messages")),
    Entry(view="tasks:list", icon="clipboard-check", words=Words(ja="タスク", en="Tasks")),
    Entry(view="tables:index", icon="file-import", words=Words(ja="取り込み", en="Imports")),
    Entry(
        view="settings",
        icon="settings",
        words=Words(ja="設定", en="Settings"),
        belongs=("staff", "stores", "my_account", "audit_log", "parked_facts", "system_status", "mfa_index", *ACCOUNT),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A navigation entry as drawn: address, icon, wording, whether it is the present page."""

    href: str
    icon: str
    words: Words
    current: bool
    on_bar: bool


def _links(request: HttpRequest) -> list[Link]:
    match = request.resolver_match
    here = match.view_name if match else ""
    app = match.app_name if match else ""
    return [
        Link(
            href=reverse(entry.view),
            icon=entry.icon,
            words=entry.words,
            current=here == entry.view or here in entry.belongs or bool(app and app == entry.view.partition(":")[0]),
            on_bar=entry.on_bar,
        )
        for entry in NAVIGATION
        if is_allowed(user=request.user, view=entry.view)
    ]


def _import_url(request: HttpRequest) -> str:
    """Where a new shop begins, for those who may import; empty states lead there."""
    return reverse(IMPORTS) if is_allowed(user=request.user, view=IMPORTS) else ""


def company_name() -> str:
    """The company's name, empty until an owner has given it."""
    company = Company.objects.filter(pk=1).first()
    return company.name if company else ""


def theme_of(*, request: HttpRequest) -> Theme:
    """The theme this browser asked for."""
    wanted = request.COOKIES.get(THEME_COOKIE)
    return next((theme for theme in THEMES if theme == wanted), "auto")


def remember(*, response: HttpResponse, language: str | None = None, theme: str | None = None) -> None:
    """Keep language or theme in this browser for a year."""
    chosen = {settings.LANGUAGE_COOKIE_NAME: language, THEME_COOKIE: theme}
    for name, value in chosen.items():
        if value:
            response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.HTTPS, httponly=True)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every template; what costs a query is asked only when a template shows it."""
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    return {
        "company": SimpleLazyObject(company_name),
        "has_users": SimpleLazyObject(User.objects.exists),
        "navigation": _links(request) if signed_in else [],
        "import_url": _import_url(request) if signed_in else "",
        "theme": theme_of(request=request),
        "shown_at": timezone.now(),
        "language": "en" if (get_language() or "ja").startswith("en") else "ja",
    }
