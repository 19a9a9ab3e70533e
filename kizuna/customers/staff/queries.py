"""Nouns about staff."""

from dataclasses import dataclass

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import Role


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
