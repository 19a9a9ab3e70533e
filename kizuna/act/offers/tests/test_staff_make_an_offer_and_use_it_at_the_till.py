import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kizuna.act.offers.models import Coupon, Decision, LedgerEntry, Offer
from kizuna.act.offers.queries import check_invariants, offer
from kizuna.act.offers.tests.conftest import issue, make
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.stores.operations import describe_store

pytestmark = pytest.mark.django_db
TERMS = {
    "title_ja": "次回500円引き",
    "title_en": "500 yen off",
    "value": "500",
    "occasion": "next_purchase",
    "valid_days": "30",
    "budget_yen": "1000",
    "uses_per_coupon": "1",
    "code_mode": "generated",
    "name": "next-500",
}


def sign_in(role: str = "owner", *stores: str) -> Client:
    for store in stores:
        describe_store(code=store, name=f"{store}店")
    user = create_user(email=f"{role}@example.jp", name="係", role=role, now=timezone.now(), stores=stores)
    client = Client()
    client.force_login(User.objects.get(pk=user))
    return client


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def test_from_the_form_to_the_till_and_back(hanako: int) -> None:
    client = sign_in()
    assert "k-empty" in client.get("/offers/").content.decode()
    assert "セット価格" in client.get("/offers/new/").content.decode()
    made = client.post("/offers/new/amount/", TERMS)
    detail = made["Location"]
    assert "値引（景品類に当たりません）" in client.get(detail).content.decode()
    client.post(f"{detail}publish/")
    given = client.post(f"{detail}give/", {"person": hanako}).content.decode()
    code = re.search(r'class="k-code">([^<]+)<', given)
    assert code

    page = client.get("/offers/till/", {"code": code[1].lower().replace("-", "－")}).content.decode()
    assert "使えます" in page
    assert "山田 花子 様" in page
    body = {"code": field(page, "code"), "key": field(page, "key"), "amount": "3000", "store": ""}
    assert client.post("/offers/till/redeem/", body).status_code == 302
    assert client.post("/offers/till/redeem/", body).status_code == 302  # a second press of the button
    assert LedgerEntry.objects.count() == 1

    page = client.get("/offers/till/", {"code": code[1]}).content.decode()
    assert "すでに使われています" in page
    again = client.post("/offers/till/redeem/", body | {"key": "till:" + "0" * 32})
    assert again.status_code == 409
    assert "使えません" in again.content.decode()
    back = {"code": code[1], "key": body["key"], "reversal_key": field(page, "reversal_key"), "reason": "mistake"}
    assert client.post("/offers/till/reverse/", back).status_code == 302
    assert "使えます" in client.get("/offers/till/", {"code": code[1]}).content.decode()
    assert "取消" in client.get(detail).content.decode()
    assert check_invariants() == []


def test_a_gift_over_the_cap_is_stopped_with_its_reason() -> None:
    client = sign_in()
    made = client.post("/offers/new/gift/", TERMS | {"value": "450", "min_spend_yen": "1500", "name": "tea"})
    refused = client.post(f"{made['Location']}publish/")
    assert refused.status_code == 409
    assert "上限300円" in refused.content.decode()
    assert not Decision.objects.get().allowed
    client.post(f"{made['Location']}edit/", TERMS | {"value": "300", "min_spend_yen": "1500", "name": "tea"})
    assert client.post(f"{made['Location']}publish/").status_code == 302
    assert Offer.objects.get().state == "published"


def test_a_bundle_names_its_products_line_by_line() -> None:
    client = sign_in()
    wrong = client.post("/offers/new/bundle/", TERMS | {"items": "TEA-1, two, 1200"})
    assert "1行目" in wrong.content.decode()
    made = client.post("/offers/new/bundle/", TERMS | {"value": "2000", "items": "TEA-1, 2, 1200\nCUP-1\t1\t800"})
    assert "3,200" in client.get(made["Location"]).content.decode()
    refused = client.post(f"{made['Location']}publish/")
    assert "商品が見つかりません: CUP-1, TEA-1" in refused.content.decode()


def test_a_pool_is_filled_from_a_file_of_a_japanese_office() -> None:
    client = sign_in()
    offer_id = make(code_mode="pool")
    file = SimpleUploadedFile("codes.csv", "コード,備考\r\nABCD-0001,春\r\nABCD-0002,夏\r\n".encode("cp932"))
    page = client.post(f"/offers/{offer_id}/pool/", {"codes": "xyz9876", "file": file}).content.decode()
    assert "3件を追加しました" in page
    assert set(Coupon.objects.values_list("code", flat=True)) == {"ABCD0001", "ABCD0002", "XYZ9876"}


def test_the_till_says_clearly_why_not() -> None:
    client = sign_in()
    make(min_spend_yen=5000)
    (one,) = issue(None, now=timezone.now())
    page = client.get("/offers/till/", {"code": one.code}).content.decode()
    body = {"code": one.code, "key": field(page, "key"), "amount": "4999", "store": ""}
    refused = client.post("/offers/till/redeem/", body)
    assert "5,000円以上のお買い物で使えます" in refused.content.decode()
    assert 'value="4999"' in refused.content.decode()
    wrong = client.get("/offers/till/", {"code": one.code[:-1] + ("A" if one.code[-1] != "A" else "B")})
    assert "打ち間違い" in wrong.content.decode()
    assert client.post("/offers/till/redeem/", {"code": one.code}).status_code == 200


def test_whoever_has_just_used_a_coupon_reads_that_it_went_well_and_not_that_it_is_spent() -> None:
    client = sign_in()
    make()
    (one,) = issue(None, now=timezone.now())
    page = client.get("/offers/till/", {"code": one.code}).content.decode()
    body = {"code": one.code, "key": field(page, "key"), "amount": "3000", "store": ""}
    done = client.post("/offers/till/redeem/", body, follow=True).content.decode()
    assert "利用を記録しました" in done
    assert "値引・費用は500円です。" in done
    assert "使えません" not in done
    assert "使えません" in client.get("/offers/till/", {"code": one.code}).content.decode()
    back = {"code": one.code, "key": body["key"], "reversal_key": field(done, "reversal_key"), "reason": "mistake"}
    client.post("/offers/till/reverse/", back)
    late = client.get("/offers/till/", {"code": one.code, "used": body["key"]}).content.decode()
    assert "使えます" in late
    assert "利用を記録しました" not in late


def test_store_staff_use_coupons_for_their_own_store_and_take_back_their_own_uses() -> None:
    make(uses_per_coupon=5)
    (one,) = issue(None, now=timezone.now())
    owner, staff = sign_in("owner"), sign_in("store_staff", "ginza")
    describe_store(code="umeda", name="梅田店")
    body = {"code": one.code, "amount": "3000"}
    owner.post("/offers/till/redeem/", body | {"key": "till:" + "a" * 32, "store": "umeda"})
    staff.post("/offers/till/redeem/", body | {"key": "till:" + "b" * 32, "store": "umeda"})
    assert LedgerEntry.objects.count() == 1
    staff.post("/offers/till/redeem/", body | {"key": "till:" + "c" * 32, "store": "ginza"})
    assert LedgerEntry.objects.count() == 2
    back = {"code": one.code, "key": "till:" + "a" * 32, "reversal_key": "till:" + "d" * 32, "reason": "mistake"}
    assert staff.post("/offers/till/reverse/", back).status_code == 404
    assert staff.post("/offers/till/reverse/", back | {"key": "till:" + "c" * 32}).status_code == 302
    assert staff.get("/offers/new/").status_code == 403
    assert offer(name="next-500").redeemed == 1


def test_lists_leave_as_files() -> None:
    client = sign_in()
    offer_id = make()
    (one,) = issue(None, now=timezone.now())
    client.post("/offers/till/redeem/", {"code": one.code, "amount": "3000", "key": "till:" + "a" * 32, "store": ""})
    listed = b"".join(client.get("/offers/export/", {"format": "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "次回500円引き" in listed
    uses = client.get(f"/offers/{offer_id}/uses/export/", {"format": "csv"})
    assert one.code in b"".join(uses.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def test_pages_keep_to_the_budget_of_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = sign_in()
    offer_id = make(budget_yen=100_000)
    for n, one in enumerate(issue(*[None] * 20, now=timezone.now())):
        client.post("/offers/till/redeem/", {"code": one.code, "amount": "3000", "key": f"till:{n:032x}", "store": ""})
    for page in ("/offers/", f"/offers/{offer_id}/", f"/offers/till/?code={one.code}"):
        client.get(page)
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
