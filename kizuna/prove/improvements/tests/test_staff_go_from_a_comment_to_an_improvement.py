import pytest

from kizuna.customers.products.operations import ensure_products
from kizuna.customers.products.rules import ProductSeen
from kizuna.prove.improvements.models import Improvement, ImprovementVoice
from kizuna.prove.improvements.queries import improvements
from kizuna.prove.improvements.tests.shop import heard, signed_in, stores, wanted

pytestmark = pytest.mark.django_db
FORM = {
    "title": "列を短くする",
    "change": "2台目を開ける",
    "metric": "nps",
    "touchpoint": "",
    "product": "",
    "owner": "",
}


def test_a_comment_becomes_an_improvement_and_more_are_linked_by_words() -> None:
    stores("honten")
    first, second, other = heard("a", "レジの列が長い"), heard("b", "レジで待った"), heard("c", "お茶がおいしい")
    client = signed_in("agent")
    listed = client.get("/surveys/answers/").content.decode()
    assert f"/improvements/new/?answer={first}" in listed
    assert "レジの列が長い" in client.get(f"/improvements/new/?answer={first}").content.decode()
    made = client.post(f"/improvements/new/?answer={first}", FORM)
    number = Improvement.objects.get().pk
    assert made.headers["Location"] == f"/improvements/{number}/"
    found = client.get(f"/improvements/{number}/voices/", {"q": "レジ"}).content.decode()
    assert "レジで待った" in found
    assert "レジの列が長い" not in found  # it is linked already
    assert "お茶がおいしい" not in found
    client.post(f"/improvements/{number}/link/", {"answer": [second, other]})
    assert set(ImprovementVoice.objects.values_list("answer_id", flat=True)) == {first, second, other}
    voice = ImprovementVoice.objects.get(answer_id=other).pk
    client.post(f"/improvements/{number}/unlink/", {"voice": [voice]})
    assert improvements()[0].voices == 2


def test_a_product_nobody_knows_is_told_at_its_field() -> None:
    client = signed_in("manager")
    refused = client.post("/improvements/new/", FORM | {"product": "KYUSU-1"}).content.decode()
    assert "このコードの商品は見つかりません" in refused
    assert not Improvement.objects.exists()
    ensure_products(seen=[ProductSeen(code="KYUSU-1", name="急須")])
    client.post("/improvements/new/", FORM | {"product": " KYUSU-1 "})
    assert Improvement.objects.get().product == "KYUSU-1"


def test_the_comment_can_join_a_known_improvement() -> None:
    number, comment = wanted(), heard("a", "レジの列が長い")
    client = signed_in("agent")
    assert f"/improvements/{number}/link/" in client.get(f"/improvements/new/?answer={comment}").content.decode()
    client.post(f"/improvements/{number}/link/", {"answer": [comment]})
    assert "結び付いています" in client.get(f"/improvements/new/?answer={comment}").content.decode()


def test_store_staff_see_their_stores_and_what_is_done_everywhere() -> None:
    stores("honten", "nagoya")
    mine, theirs, everywhere = wanted(stores=("honten",)), wanted(stores=("nagoya",)), wanted()
    far = heard("a", "名古屋で待った", store="nagoya")
    client = signed_in("store_staff", store="honten")
    assert client.get(f"/improvements/{mine}/").status_code == 200
    assert client.get(f"/improvements/{everywhere}/").status_code == 200
    assert client.get(f"/improvements/{theirs}/").status_code == 404
    assert client.post(f"/improvements/{theirs}/move/", {"state": "done"}).status_code == 302
    assert Improvement.objects.get(pk=theirs).state == "candidate"
    client.post(f"/improvements/{everywhere}/move/", {"state": "done"})
    assert Improvement.objects.get(pk=everywhere).state == "candidate"  # other stores are in it too
    client.post(f"/improvements/{mine}/move/", {"state": "started"})
    assert Improvement.objects.get(pk=mine).state == "started"
    client.post(f"/improvements/{mine}/link/", {"answer": [far]})
    assert not ImprovementVoice.objects.exists()  # a comment about another store is not theirs to link
    assert "名古屋で待った" not in client.get(f"/improvements/{mine}/voices/", {"q": "待"}).content.decode()


def test_an_analyst_sees_the_numbers_and_no_comment() -> None:
    number = wanted(heard("a", "レジの列が長い"))
    page = signed_in("analyst").get(f"/improvements/{number}/").content.decode()
    assert "レジの列が長い" not in page
    assert "1人" in page


def test_the_board_is_empty_then_full_and_can_be_taken_along() -> None:
    client = signed_in("manager")
    assert "まだ改善がありません" in client.get("/improvements/").content.decode()
    wanted()
    page = client.get("/improvements/").content.decode()
    assert "レジを2台にする" in page
    taken = client.get("/improvements/export/", {"format": "csv"})
    text = b"".join(taken.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1].split(",")[1] == "レジを2台にする"
    english = client.get("/improvements/", headers={"Accept-Language": "en"}).content.decode()
    assert "Candidate" in english
