import pytest
from django.test import Client
from django.utils import timezone

from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.listen.reviews.tests.records import record, review

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviews() -> None:
    record(
        review("a", rating=5, comment="星五つ"),
        review("b", rating=4.5, comment="四つ半", store="新宿店"),
        review("c", rating=1, comment="<script>alert(1)</script>=1+1", site="rakuten", product="SKU-1"),
    )


def sign_in(client: Client, role: str, stores: tuple[str, ...] = ()) -> Client:
    user = create_user(email=f"{role}@example.jp", name="係", role=role, now=timezone.now(), stores=stores)
    client.force_login(User.objects.get(pk=user))
    return client


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("", ("星五つ", "四つ半", "alert(1)"), ()),
        ("site=rakuten", ("alert(1)",), ("星五つ",)),
        ("store=新宿店", ("四つ半",), ("星五つ",)),
        ("product=SKU-1", ("alert(1)",), ("星五つ",)),
        ("stars=5", ("星五つ", "四つ半"), ("alert(1)",)),
        ("stars=9&page=x", ("星五つ", "四つ半", "alert(1)"), ()),
        ("site=none", ("条件に合うレビューはありません",), ("星五つ",)),
    ],
)
def test_reviews_are_found(
    client: Client, reviews: None, query: str, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    page = sign_in(client, "manager").get(f"/reviews/?{query}").content.decode()
    assert all(text in page for text in seen)
    assert not any(text in page for text in unseen)
    assert "<script>alert" not in page


def test_store_staff_read_reviews_of_their_store_only(client: Client, reviews: None) -> None:
    page = sign_in(client, "store_staff", ("新宿店",)).get("/reviews/?store=銀座店").content.decode()
    assert "星五つ" not in page
    page = client.get("/reviews/").content.decode()
    assert "四つ半" in page
    assert "星五つ" not in page


def test_an_export_disarms_formulas(client: Client, reviews: None) -> None:
    response = sign_in(client, "owner").get("/reviews/export/?format=csv&site=rakuten")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.count("\r\n") == 2
    assert "SKU-1" in text
    record(review("d", comment="=cmd|' /C calc'!A0"))
    response = client.get("/reviews/export/?format=csv")
    assert "'=cmd|" in b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert client.get("/reviews/export/?format=pdf").status_code == 422
