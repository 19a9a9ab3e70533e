import codecs
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from kizuna.connectors.tables.rules.encodings import Undecodable
from kizuna.connectors.tables.rules.tables import open_table
from kizuna.connectors.tables.tests.reading import read_all

HEADER = ["注文番号", "注文日時", "顧客ID", "商品名", "数量", "単価"]
ROWS = [
    ["0001", "2026/7/9", "00012", "髙島屋の㈱①～－", "1", "1200"],
    ["0002", "令和8年7月9日", "", "紅茶", "2", "980"],
]


def text(*, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in [HEADER, *ROWS])


FORMS = {
    "utf-8": (text().encode(), "utf-8"),
    "utf-8 with BOM": (codecs.BOM_UTF8 + text().encode(), "utf-8"),
    "cp932": (text().encode("cp932"), "cp932"),
    "utf-16 LE with BOM": (codecs.BOM_UTF16_LE + text(delimiter="\t").encode("utf-16-le"), "utf-16-le"),
    "utf-16 BE with BOM": (codecs.BOM_UTF16_BE + text().encode("utf-16-be"), "utf-16-be"),
    "utf-16 LE without BOM": (text().encode("utf-16-le"), "utf-16-le"),
    "utf-16 BE without BOM": (text().encode("utf-16-be"), "utf-16-be"),
    "tab": (text(delimiter="\t").encode(), "utf-8"),
    "semicolon": (text(delimiter=";").encode(), "utf-8"),
    "old Mac line ends": (text().replace("\r\n", "\r").encode(), "utf-8"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_encoding_is_recognised(form: str, tmp_path: Path) -> None:
    data, codec = FORMS[form]
    path = tmp_path / "orders.csv"
    path.write_bytes(data)
    found = read_all(path=path)
    assert found["encoding"] == codec
    assert found["layout"] == "generic_orders"
    assert [record["lines"][0]["name"] for record in found["records"]] == ["髙島屋の㈱①～－", "紅茶"]
    assert found["records"][0]["customer"]["account_id"] == "00012"


def test_euc_jp_is_read_when_chosen_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text().replace("髙島屋の㈱①～－", "日本茶").encode("euc_jp"))
    with pytest.raises(Undecodable):
        open_table(path=path)
    found = read_all(path=path, encoding="euc_jp")
    assert found["records"][0]["lines"][0]["name"] == "日本茶"


def test_iso_2022_jp_is_recognised_by_its_escapes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text().replace("髙島屋の㈱①～－", "日本茶").encode("iso2022_jp"))
    assert read_all(path=path)["records"][0]["lines"][0]["name"] == "日本茶"


def test_the_same_table_in_utf8_and_cp932_says_the_same(tmp_path: Path) -> None:
    wave = text().replace("～", "〜").replace("－", "−")
    (tmp_path / "a.csv").write_bytes(wave.encode())
    (tmp_path / "b.csv").write_bytes(text().encode("cp932"))
    assert read_all(path=tmp_path / "a.csv")["records"] == read_all(path=tmp_path / "b.csv")["records"]


def test_a_workbook_gives_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text().encode())
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "表紙"
    first["A1"] = "受注一覧"
    sheet = book.create_sheet("データ")
    sheet.append(["出力日", "2026/7/20"])
    sheet.append([])
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    book.save(tmp_path / "b.xlsx")
    found = read_all(path=tmp_path / "b.xlsx")
    assert found["records"] == read_all(path=tmp_path / "a.csv")["records"]
    assert found["header_line"] == 3


def test_numbers_and_dates_of_a_workbook_become_plain_text(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append([1001, datetime(2026, 7, 9, 10, 30), 9012345678, "紅茶", 2, 980.0])
    book.save(tmp_path / "b.xlsx")
    record = read_all(path=tmp_path / "b.xlsx")["records"][0]
    assert record["external_id"] == "1001"
    assert record["ordered_at"] == "2026-07-09 10:30:00"
    assert record["customer"]["account_id"] == "9012345678"
    assert record["lines"][0]["unit_price_yen"] == 980
