"""Somebody must always be able to give rights; store staff see their stores only."""

from datetime import UTC, datetime

import pytest

from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import (
    LastOwner,
    MailTaken,
    NotAStaffMember,
    UserNotAccepted,
    change_user,
    create_user,
    delete_user,
)
from kizuna.customers.staff.queries import all_staff, has_users, store_scope
from kizuna.customers.stores.operations import describe_store

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def make(email: str = "owner@shop.example", role: str = "owner", *stores: str) -> int:
    return create_user(email=email, name="店主", role=role, stores=stores, password="a-long-password", now=NOON)


def change(user: int, *, role: str = "owner", is_active: bool = True) -> None:
    change_user(user_id=user, name="店主", role=role, stores=(), is_active=is_active, actor="user:1", now=NOON)


def test_the_last_owner_can_neither_be_demoted_nor_locked_nor_deleted() -> None:
    owner = make()
    with pytest.raises(LastOwner):
        change(owner, role="agent")
    with pytest.raises(LastOwner):
        change(owner, is_active=False)
    with pytest.raises(LastOwner):
        delete_user(user_id=owner, actor="user:1", now=NOON)
    second = make("second@shop.example")
    change(owner, role="agent")
    with pytest.raises(LastOwner):
        change(second, is_active=False)
    delete_user(user_id=owner, actor="user:1", now=NOON)
    assert [card.role for card in all_staff()] == ["owner"]


def test_a_login_is_unique_whatever_its_case_and_the_password_is_hashed() -> None:
    assert not has_users()
    user = User.objects.get(pk=make())
    assert user.check_password("a-long-password")
    with pytest.raises(MailTaken):
        make("Owner@SHOP.example")
    for email, role in (("nope", "owner"), ("a@shop.example", "king")):
        with pytest.raises(UserNotAccepted):
            make(email, role)
    with pytest.raises(NotAStaffMember):
        delete_user(user_id=0, actor="user:1", now=NOON)


def test_only_store_staff_are_limited_to_their_stores() -> None:
    describe_store(code="ginza", name="銀座店")
    clerk = User.objects.get(pk=make("clerk@shop.example", "store_staff", "ginza"))
    nobody = User.objects.get(pk=make("new@shop.example", "store_staff"))
    assert store_scope(user=clerk) == frozenset({"ginza"})
    assert store_scope(user=nobody) == frozenset()
    assert store_scope(user=User.objects.get(pk=make())) is None
