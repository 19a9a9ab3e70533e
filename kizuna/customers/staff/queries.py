"""Nouns about staff."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import DEMO_LOGIN, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCard:
    """One member of staff in a list."""

    user_id: int
    email: str
    name: str
    role: str
    stores: tuple[str, ...]
    is_active: bool


def store_scope(*, user: User) -> frozenset[str] | None:
    """The store codes this user is limited to; None for all. Only store staff are limited."""
    if user.role != Role.STORE_STAFF:
        return None
    return frozenset(user.stores.values_list("code", flat=True))


def all_staff() -> list[StaffCard]:
    """Everybody who may sign in or once could, by name."""
    return [
        StaffCard(
            user_id=user.pk,
            email=user.email,
            name=user.name,
            role=user.role,
            stores=tuple(sorted(store.code for store in user.stores.all())),
            is_active=user.is_active,
        )
        for user in User.objects.prefetch_related("stores").order_by("name", "id")
    ]


def has_users() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.exists()


# ── the invented company's clock ────────────────────────────────────────────────────────────────
_read_at: dict[str, tuple[int, int]] = {}
"""The path of a demo's marker → when it was last written, and the seconds it then named."""


def present() -> datetime:
    """The time that practices and trials go by: the real one, but for a demo whose clock was moved."""
    return datetime.now(UTC) + timedelta(seconds=clock_ahead())


def clock_ahead() -> int:
    """By how many seconds the demo's clock is ahead; 0 in any other home. Asked at every turn of the worker."""
    path = Path(settings.HOME) / "demo.json"
    try:
        written = path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
    held = _read_at.get(str(path))
    if held is None or held[0] != written:
        # A demo's folder may have been pointed at a shop's real database since: its clock must not move.
        ours = User.objects.filter(email=DEMO_LOGIN).exists()
        said = json.loads(path.read_text(encoding="utf-8")) if ours else {}
        held = (written, int(said.get("clock_seconds", 0)))
        _read_at[str(path)] = held
    return held[1]
