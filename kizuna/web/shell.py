"""What every page needs around its content: company, navigation, language and theme."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kizuna.act.practices.queries import practice_titles
from kizuna.customers.staff.models import User
from kizuna.customers.staff.queries import present
from kizuna.customers.staff.rules import Role
from kizuna.web.access import is_allowed
from kizuna.web.beside import Beside, beside_messages
from kizuna.web.models import Company
from kizuna.words import Words

IMPORTS = "tables:index"
THEME_COOKIE = "kizuna_theme"
YEAR_SECONDS = 365 * 86_400
Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")


SETTINGS = (
    *("staff", "staff_invite", "staff_member", "stores", "store_edit", "company", "my_account"),
    *("audit_log", "parked_facts", "system_status", "channels", "outreach:settings"),
    *("mail:settings", "mail:returns", "mail:return", "line:settings", "sms:settings", "outbox:list", "outbox:mail"),
    *("account_change_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes"),
    *("mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn"),
    "mfa_edit_webauthn",
)
"""Pages reached from the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the navigation; ``belongs`` are further view names that light it up.

    ``on_bar`` are the roles that have it within the thumb's reach on a phone: five entries at most.
    """

    view: str
    icon: str
    words: Words
    belongs: tuple[str, ...] = ()
    on_bar: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries that belong together; without words for those that need no heading."""

    words: Words | None
    entries: tuple[Entry, ...]


EVERYONE = frozenset(Role)
AT_THE_COUNTER = frozenset({Role.AGENT, Role.STORE_STAFF})
"""Those who have their next task at hand; the others have what works."""

NAVIGATION: tuple[Group, ...] = (
    Group(
        words=None,
        entries=(Entry(view="home", icon="home", words=Words(ja="ホーム", en="Home"), on_bar=EVERYONE),),
    ),
    Group(
        words=Words(ja="聴く", en="Listen"),
        entries=(
            Entry(view="surveys:list", icon="message-question", words=Words(ja="アンケート", en="Surveys")),
            Entry(view="reviews:list", icon="star", words=Words(ja="レビュー", en="Reviews")),
        ),
    ),
    Group(
        words=Words(ja="知る", en="Understand"),
        entries=(
            Entry(view="journey", icon="route", words=Words(ja="ジャーニー", en="Journey"), on_bar=EVERYONE),
            Entry(
                view="metrics",
                icon="chart-dots",
                words=Words(ja="指標", en="Metrics"),
                belongs=("metric", "cohorts", "top_customers"),
                on_bar=EVERYONE,
            ),
            Entry(
                view="customers",
                icon="users",
                words=Words(ja="お客様", en="Customers"),
                belongs=("customer", "customer_note", "customer_survey"),
                on_bar=EVERYONE,
            ),
        ),
    ),
    Group(
        words=Words(ja="接客", en="Serve"),
        entries=(
            Entry(view="practices:list", icon="heart-handshake", words=Words(ja="接客方法", en="Practices")),
            Entry(view="offers:list", icon="gift", words=Words(ja="特典", en="Offers")),
            Entry(view="outreach:list", icon="send", words=Words(ja="配信", en="Messages"), belongs=("replies",)),
            Entry(
                view="tasks:list", icon="clipboard-check", words=Words(ja="タスク", en="Tasks"), on_bar=AT_THE_COUNTER
            ),
        ),
    ),
    Group(
        words=Words(ja="確かめる", en="Prove"),
        entries=(
            Entry(
                view="evidence:league",
                icon="trophy",
                words=Words(ja="効果", en="What works"),
                belongs=("trials:practice", "trials:plan", "trials:stores", "trials:people"),
                on_bar=EVERYONE - AT_THE_COUNTER,
            ),
            Entry(view="improvements:board", icon="bulb", words=Words(ja="改善", en="Improvements")),
            Entry(view="goals:list", icon="target-arrow", words=Words(ja="目標", en="Goals")),
        ),
    ),
    Group(
        words=Words(ja="管理", en="Manage"),
        entries=(
            Entry(view="tables:index", icon="file-import", words=Words(ja="取り込み", en="Imports")),
            Entry(view="settings", icon="settings", words=Words(ja="設定", en="Settings"), belongs=SETTINGS),
        ),
    ),
)
"""In the order of the loop: listen, understand, serve, prove."""

BELONGING = frozenset(view for group in NAVIGATION for entry in group.entries for view in entry.belongs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A navigation entry as drawn: address, icon, wording, whether it is the present page."""

    href: str
    icon: str
    words: Words
    current: bool
    on_bar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """A group of the navigation as drawn."""

    words: Words | None
    links: list[Link]


def _navigation(request: HttpRequest, *, user: User) -> list[Links]:
    """The groups in which this user may open anything."""
    found = [
        Links(words=group.words, links=[_link(request, entry, user=user) for entry in _open(group, user=user)])
        for group in NAVIGATION
    ]
    return [group for group in found if group.links]


def _open(group: Group, *, user: User) -> list[Entry]:
    return [entry for entry in group.entries if is_allowed(user=user, view=entry.view)]


def _link(request: HttpRequest, entry: Entry, *, user: User) -> Link:
    match = request.resolver_match
    here, app = (match.view_name, match.app_name) if match else ("", "")
    lit_elsewhere = here in BELONGING and here not in entry.belongs
    of_app = bool(app) and app == entry.view.partition(":")[0] and not lit_elsewhere
    return Link(
        href=reverse(entry.view),
        icon=entry.icon,
        words=entry.words,
        current=here == entry.view or here in entry.belongs or of_app,
        on_bar=user.role in entry.on_bar,
    )


def _import_url(request: HttpRequest) -> str:
    """Where a new shop begins, for those who may import; empty states lead there."""
    return reverse(IMPORTS) if is_allowed(user=request.user, view=IMPORTS) else ""


def _beside(user: User) -> Beside:
    return beside_messages(user=user, now=present())


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
    user = request.user if hasattr(request, "user") else None
    return {
        "company": SimpleLazyObject(company_name),
        "has_users": SimpleLazyObject(User.objects.exists),
        # Rooms below the practices know them by name only; their pages read the titles here.
        "practice_titles": SimpleLazyObject(practice_titles),
        "beside_messages": SimpleLazyObject(partial(_beside, user)) if isinstance(user, User) else None,
        "navigation": _navigation(request, user=user) if isinstance(user, User) else [],
        "import_url": _import_url(request) if isinstance(user, User) else "",
        "theme": theme_of(request=request),
        "shown_at": timezone.now(),
        "language": "en" if (get_language() or "ja").startswith("en") else "ja",
    }
