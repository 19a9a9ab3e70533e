from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from kizuna.connectors.tables.models import ImportRun, SavedMapping
from kizuna.connectors.tables.operations import import_file, run_due
from kizuna.connectors.tables.operations.journal import folder_of
from kizuna.connectors.tables.tests.reading import GOLDEN
from kizuna.customers.orders.models import Order
from kizuna.customers.staff.models import User
from kizuna.customers.staff.operations import create_user
from kizuna.customers.staff.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    create_user(
        email="owner@example.jp", name="店長", role=Role.OWNER, stores=[], password="tegami-2026-x", now=timezone.now()
    )
    client = Client()
    client.force_login(User.objects.get())
    return client


def upload(client: Client, *paths: Path) -> str:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post("/imports/upload/", {"files": files})["Location"]


def page(client: Client, address: str, **posted: str) -> str:
    answer = client.post(address, posted) if posted else client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_file_goes_from_upload_over_preview_and_progress_to_the_result(client: Client) -> None:
    address = upload(client, GOLDEN / "generic_orders.csv")
    shown = page(client, address)
    assert "注文（共通テンプレート）" in shown
    assert "4 件" in shown
    assert not Order.objects.exists()

    answer = client.post(address, {"do": "import", "layout": "generic_orders", "shown_layout": "generic_orders"})
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/imports/{run.pk}/"
    assert 'hx-trigger="every 1s"' in page(client, answer["Location"])
    run_due(now=timezone.now())
    result = page(client, f"/imports/{run.pk}/progress/")
    assert "every 1s" not in result
    assert "取り消された明細です" in result
    assert "quantity" in result
    assert Order.objects.count() == 4
    assert not Path(run.path).exists()

    errors = client.get(f"/imports/{run.pk}/errors/?format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(errors))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:3] == ["kizuna_line", "kizuna_column", "kizuna_reason_ja"]
    assert "完了" in page(client, "/imports/")

    client.post(f"/imports/{run.pk}/undo/")
    assert not Order.objects.exists()
    assert "取り消し済み" in page(client, f"/imports/{run.pk}/")


def test_columns_can_be_mapped_and_are_remembered(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "得意先の注文.csv"
    text = "伝票,日付,お客様,品目,いくつ,いくら\r\n1,2026/7/9,C1,急須,2,3000\r\n"
    path.write_bytes(text.encode("utf-8"))
    address = upload(client, path)
    shown = page(client, address, layout="generic_orders", encoding="")
    assert "必要な列がありません" in shown
    chosen = {
        "layout": "generic_orders",
        "shown_layout": "generic_orders",
        "field_order_id": "伝票",
        "field_ordered_at": "日付",
        "field_customer": "お客様",
        "field_product": "品目",
        "field_quantity": "いくつ",
        "field_unit_price": "いくら",
        "field_channel": "=",
        "fixed_channel": "phone",
    }
    assert "1 件" in page(client, address, **chosen)
    client.post(address, {**chosen, "do": "import"})
    run_due(now=timezone.now())
    order = Order.objects.get()
    assert (order.external_id, order.channel, order.total_yen) == ("1", "phone", 6000)
    assert SavedMapping.objects.get().layout == "generic_orders"

    path.write_bytes(text.replace("1,2026/7/9", "2,2026/7/10").encode("utf-8-sig"))
    again = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert (again.layout, again.imported) == ("generic_orders", 1)
    assert "前回この見出し" in page(client, upload(client, path))


def test_a_wrong_encoding_is_put_right_by_hand(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "order_id,ordered_at,sku,product,quantity,unit_price_yen\r\n1,2026/7/9,A,急須,1,3000\r\n".encode("euc_jp")
    )
    address = upload(client, path)
    assert "急須" not in page(client, address)
    assert "急須" in page(client, address, layout="generic_orders", shown_layout="generic_orders", encoding="euc_jp")


def test_several_files_wait_in_the_list_and_unreadable_ones_say_why(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    address = upload(client, GOLDEN / "generic_orders.csv", GOLDEN / "survey_answers.txt", tmp_path / "a.pdf")
    assert address == "/imports/"
    shown = page(client, address)
    assert shown.count("確認待ち") == 2
    assert "PDFは取り込めません" in shown
    assert ImportRun.objects.count() == 2


def test_a_draft_can_be_discarded_and_leaves_nothing(client: Client) -> None:
    upload(client, GOLDEN / "generic_orders.csv")
    run = ImportRun.objects.get()
    client.post(f"/imports/{run.pk}/discard/")
    assert not ImportRun.objects.exists()
    assert not folder_of(import_id=run.pk).exists()


def test_a_file_name_is_a_label_and_never_a_path_nor_markup(client: Client) -> None:
    data = (GOLDEN / "generic_orders.csv").read_bytes()
    client.post("/imports/upload/", {"files": SimpleUploadedFile('"><script>alert(1)</script>.csv', data)})
    run = ImportRun.objects.get()
    assert Path(run.path).parent == folder_of(import_id=run.pk)
    assert "<script>alert" not in page(client, "/imports/")


@pytest.mark.parametrize("layout", ["generic_orders", "generic_customers", "survey_answers", "reviews", "shipments"])
def test_each_template_can_be_downloaded_and_imported(client: Client, layout: str, tmp_path: Path) -> None:
    for form in ("csv", "xlsx"):
        data = b"".join(client.get(f"/imports/example/{layout}/?format={form}"))
        path = tmp_path / f"{layout}.{form}"
        path.write_bytes(data)
        result = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
        assert result.layout == layout
        assert result.errored == (1 if layout == "shipments" else 0)


def test_the_empty_page_helps_and_the_history_can_be_exported(client: Client) -> None:
    shown = page(client, "/imports/")
    assert "まだ何も取り込んでいません" in shown
    assert "/imports/example/generic_orders/" in shown
    import_file(path=GOLDEN / "reviews.csv", layout=None, mapping=None, actor="system", now=timezone.now())
    data = b"".join(client.get("/imports/export/?format=csv")).decode("utf-8-sig")
    assert "reviews.csv" in data


def test_strangers_and_missing_imports_are_turned_away(client: Client) -> None:
    assert client.get("/imports/999/").status_code == 404
    assert Client().get("/imports/").status_code == 302
