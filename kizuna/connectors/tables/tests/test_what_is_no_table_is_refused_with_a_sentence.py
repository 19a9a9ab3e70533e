import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from kizuna.connectors.tables.rules.tables import open_table
from kizuna.errors import Invalid


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


FILES: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "空"),
    "only blanks": (b"\xef\xbb\xbf\r\n\r\n  \r\n", "空"),
    "a zip": (zipped(orders=b"a,b\n1,2\n"), "zip"),
    "a gzip": (b"\x1f\x8b\x08\x00abc", "圧縮"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "画像"),
    "an HTML table named xls": (b"<html><table><tr><td>1</td></tr></table>", "HTML"),
    "one column of prose": ("これは表ではありません\n本当に\n".encode(), "区切り"),
    "random bytes": (bytes(range(128, 256)) * 50, "文字コード"),
    "one endless line": (b"a," * (5 << 20), "8MB"),
    "a damaged workbook": (zipped(xl__workbook_xml=b"<workbook"), "Excel"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_reason_is_told(name: str, tmp_path: Path) -> None:
    data, word = FILES[name]
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(Invalid) as refused:
        open_table(path=path)
    assert word in refused.value.words.ja
    assert refused.value.words.en


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        open_table(path=tmp_path / "nowhere.csv")
    assert "nowhere.csv" in refused.value.words.ja


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        open_table(path=tmp_path)


def test_a_workbook_whose_cells_span_a_billion_is_not_opened(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "order_id"
    sheet["XFD1048576"] = 1
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(Invalid, match="too large"):
        open_table(path=tmp_path / "wide.xlsx")


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(800):
                member.write(b" " * (1 << 20))
    assert path.stat().st_size < 2 << 20
    with pytest.raises(Invalid, match="too large"):
        open_table(path=path)
