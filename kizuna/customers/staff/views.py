"""What every staff page asks of its request: who asks, for which stores, which page of a list."""

from typing import cast

from django.http import HttpRequest

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import COMPARING


def user_of(request: HttpRequest) -> User:
    """The member of staff who asks; the access table has let nobody else in."""
    return cast("User", request.user)


def actor_of(request: HttpRequest) -> str:
    """The asker as the audit log names them."""
    return f"user:{user_of(request).pk}"


def stores_of(request: HttpRequest) -> frozenset[str] | None:
    """The store codes the asker may see; None means all, and a request nobody checked sees none."""
    return cast("frozenset[str] | None", getattr(request, "staff_stores", frozenset()))


def compares(request: HttpRequest) -> bool:
    """Whether the asker may know which customers a lot leaves untouched."""
    return user_of(request).role in COMPARING


def query_without(request: HttpRequest, *names: str) -> str:
    """The filters of the present address for a further link, but for the page number and what is named."""
    query = request.GET.copy()
    for name in ("page", *names):
        query.pop(name, None)
    return query.urlencode()


def number_of(text: str) -> int | None:
    """The whole number a field or an address holds; None for anything that no row has as its number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def page_of(request: HttpRequest) -> int:
    """The page number asked for; the first one for anything that is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
