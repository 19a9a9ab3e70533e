import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kizuna.connectors.tables.operations import erase_people, expire_files, import_file
from kizuna.connectors.tables.operations.journal import folder_of

pytestmark = pytest.mark.django_db
HEADER = "注文番号,注文日時,メールアドレス,商品コード,商品名,数量,単価,値引き\r\n"


def write(path: Path, body: str) -> Path:
    path.write_bytes((HEADER + body).encode("cp932"))
    return path


def test_rows_come_back_with_line_column_reason_and_their_cells(tmp_path: Path) -> None:
    path = write(
        tmp_path / "注文.csv",
        "A1,2026/7/9,a@example.jp,T1,=茶,1,980,\r\n"
        "A2,2026/7/9,b@example.jp,T1,=茶,たくさん,980,-50\r\n"
        "A2,2026/7/9,b@example.jp,T2,紅茶,1,980,\r\n",
    )
    first = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert (first.rows_in, first.imported, first.errored) == (3, 1, 2)
    assert first.errors_file is not None
    data = first.errors_file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [row["kizuna_line"] for row in rows] == ["3", "4"]
    assert rows[0]["kizuna_column"] == "数量"
    assert "たくさん" in rows[0]["kizuna_reason_ja"]
    assert "たくさん" in rows[0]["kizuna_reason_en"]
    assert "3行目" in rows[1]["kizuna_reason_ja"]
    assert rows[0]["商品名"] == "'=茶"

    mended = tmp_path / "mended.csv"
    mended.write_bytes(data.decode("utf-8-sig").replace(",たくさん,", ",2,").encode("utf-8-sig"))
    second = import_file(path=mended, layout=None, mapping=None, actor="system", now=timezone.now())
    assert (second.rows_in, second.imported, second.errored, second.errors_file) == (2, 2, 0, None)


def test_errors_of_a_mended_file_have_one_set_of_reasons(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "A2,2026/7/9,b@example.jp,T1,茶,たくさん,980,\r\n")
    first = import_file(path=path, layout=None, mapping=None, actor="system", now=timezone.now())
    assert first.errors_file is not None
    second = import_file(path=first.errors_file, layout=None, mapping=None, actor="system", now=timezone.now())
    assert second.errors_file is not None
    header = second.errors_file.read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.count("kizuna_line") == 1


def test_error_files_go_after_seven_days_and_when_a_person_is_erased(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "A2,2026/7/9,b@example.jp,T1,茶,たくさん,980,\r\n")
    now = timezone.now()
    first = import_file(path=path, layout=None, mapping=None, actor="system", now=now)
    assert expire_files(now=now + timedelta(days=6)) == 0
    assert folder_of(import_id=first.import_id).exists()
    assert expire_files(now=now + timedelta(days=8)) == 1
    assert not folder_of(import_id=first.import_id).exists()
    second = import_file(path=path, layout=None, mapping=None, actor="system", now=now)
    assert erase_people(root_id=1, now=now) == 1
    assert not folder_of(import_id=second.import_id).exists()
