"""Verbs on staff: invite, change, let go."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from kizuna.customers.staff.models import User
from kizuna.customers.staff.rules import Role
from kizuna.customers.stores.models import Store
from kizuna.errors import Conflict, Invalid, NotFound
from kizuna.facts.audit.operations import record
from kizuna.facts.rows.operations import hold
from kizuna.words import Words

_OWNERS = 0x6B697A33  # any constant of our own


class NotAStaffMember(NotFound):
    """There is no such member of staff."""

    code = "not_a_staff_member"

    def __init__(self, *, user_id: int) -> None:
        super().__init__(Words(ja="このスタッフは見つかりません。", en="There is no such member of staff."))
        self.user_id = user_id


class UserNotAccepted(Invalid):
    """The mail address, name or role cannot be used."""

    code = "user_not_accepted"

    def __init__(self, *, field: str) -> None:
        super().__init__(
            Words(ja="スタッフの{field}が正しくありません。", en="The staff member's {field} cannot be accepted.").fill(
                field=field
            )
        )
        self.field = field


class MailTaken(Conflict):
    """Somebody signs in with this address already."""

    code = "mail_taken"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="このメールアドレスのスタッフは登録済みです。",
                en="A member of staff with this mail address exists already.",
            )
        )


class LastOwner(Conflict):
    """Without an owner nobody could give rights again."""

    code = "last_owner"

    def __init__(self) -> None:
        super().__init__(
            Words(
                ja="オーナーが1人もいなくなるため、変更できません。先に別のオーナーを登録してください。",
                en="This would leave no owner. Make somebody else an owner first.",
            )
        )


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    role: str,
    now: datetime,
    stores: Collection[str] = (),
    password: str | None = None,
    actor: str = "system",
) -> int:
    """Let somebody sign in and answer their id; without a password they need a reset link or single sign-on.

    Raises: UserNotAccepted, MailTaken.
    """
    address = email.strip().lower()
    _check(email=address, name=name, role=role)
    if User.objects.filter(email__iexact=address).exists():
        raise MailTaken
    user = User(email=address, name=name.strip(), role=role, created_at=now)
    user.set_password(password)
    user.save()
    user.stores.set(Store.objects.filter(code__in=list(stores)))
    record(actor=actor, action="staff.created", target=f"user:{user.pk}", detail={"role": role}, now=now)
    return user.pk


@transaction.atomic
def change_user(
    *, user_id: int, name: str, role: str, stores: Collection[str], is_active: bool, actor: str, now: datetime
) -> None:
    """Change name, role, stores and whether they may sign in.

    Raises: NotAStaffMember, UserNotAccepted, LastOwner.
    """
    hold(lock=_OWNERS)  # two owners who demote each other at the same moment must not both succeed
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotAStaffMember(user_id=user_id)
    _check(email=user.email, name=name, role=role)
    if not (role == Role.OWNER and is_active):
        _keep_an_owner(without=user)
    user.name, user.role, user.is_active = name.strip(), role, is_active
    user.save(update_fields=["name", "role", "is_active"])
    user.stores.set(Store.objects.filter(code__in=list(stores)))
    detail = {"role": role, "is_active": is_active, "stores": sorted(stores)}
    record(actor=actor, action="staff.changed", target=f"user:{user_id}", detail=detail, now=now)


@transaction.atomic
def set_password(*, user_id: int, password: str, actor: str, now: datetime) -> None:
    """Give a member of staff a new password.

    Raises: NotAStaffMember.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotAStaffMember(user_id=user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=actor, action="staff.password_set", target=f"user:{user_id}", detail={}, now=now)


@transaction.atomic
def delete_user(*, user_id: int, actor: str, now: datetime) -> None:
    """Remove a member of staff; their notes stay without an author.

    Raises: NotAStaffMember, LastOwner.
    """
    hold(lock=_OWNERS)
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotAStaffMember(user_id=user_id)
    _keep_an_owner(without=user)
    user.delete()
    record(actor=actor, action="staff.deleted", target=f"user:{user_id}", detail={}, now=now)


def _check(*, email: str, name: str, role: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise UserNotAccepted(field="email") from error
    if not 0 < len(name.strip()) <= 100:
        raise UserNotAccepted(field="name")
    if role not in set(Role):
        raise UserNotAccepted(field="role")


def _keep_an_owner(*, without: User) -> None:
    if without.role != Role.OWNER or not without.is_active:
        return
    if not User.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=without.pk).exists():
        raise LastOwner
