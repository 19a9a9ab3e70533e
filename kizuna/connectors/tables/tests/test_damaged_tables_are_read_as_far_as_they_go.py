from pathlib import Path
from typing import Any

from kizuna.connectors.tables.tests.reading import read_all

HEADER = "order_id,ordered_at,customer,sku,product,quantity,unit_price_yen\r\n"


def read(tmp_path: Path, body: str | bytes, *, header: str = HEADER) -> dict[str, Any]:
    path = tmp_path / "orders.csv"
    path.write_bytes(header.encode() + (body if isinstance(body, bytes) else body.encode()))
    return read_all(path=path)


def good(number: int) -> str:
    return f"A{number},2026-07-09,C1,T1,茶,1,980\r\n"


def ids(found: dict[str, Any]) -> list[str]:
    return [record["external_id"] for record in found["records"]]


def test_short_rows_are_filled_up_and_surplus_cells_are_an_error(tmp_path: Path) -> None:
    found = read(
        tmp_path, "A1,2026-07-09,C1,T1,茶,1,980,,\r\nA2,2026-07-09,C1,T1,茶,1\r\nA3,2026-07-09,C1,T1,茶,お茶,1,980\r\n"
    )
    assert ids(found) == ["A1"]
    assert found["errors"] == [[3, "unit_price_yen", "empty"], [4, "", "too_many_cells"]]


def test_blank_lines_are_passed_over_and_rows_of_blanks_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "\r\n" + good(1) + "\r\n\r\n,,,,,,\r\n" + good(2))
    assert ids(found) == ["A1", "A2"]
    assert found["rows"] == 3
    assert [skip[0] for skip in found["skipped"]] == [6]


def test_a_quote_that_never_closes_costs_one_row_only(tmp_path: Path) -> None:
    found = read(tmp_path, good(1) + 'A2,2026-07-09,C1,T1,"茶,1,980\r\n' + "".join(good(n) for n in range(3, 2000)))
    assert len(found["records"]) == 1998
    assert found["errors"] == [[3, "", "broken_quotes"]]
    assert found["rows"] == 1999


def test_a_quote_that_never_closes_at_the_end_of_a_short_file(tmp_path: Path) -> None:
    found = read(tmp_path, good(1) + 'A2,2026-07-09,C1,T1,"茶,1,980\r\n' + good(3))
    assert ids(found) == ["A1", "A3"]
    assert found["errors"] == [[3, "", "broken_quotes"]]


def test_a_quoted_cell_may_hold_newlines_quotes_and_commas(tmp_path: Path) -> None:
    found = read(tmp_path, 'A1,2026-07-09,C1,T1,"茶\r\n""特選"", 100g",1,980\r\n' + good(2))
    assert found["records"][0]["lines"][0]["name"] == '茶\n"特選", 100g'
    assert found["errors"] == []


def test_bytes_that_are_no_character_cost_one_row_only(tmp_path: Path) -> None:
    body = "".join(good(n) for n in range(1, 200)).encode() + b"B1,2026-07-09,C1,T1,\xff\xfe\x80,1,980\r\n"
    found = read(tmp_path, body)
    assert found["encoding"] == "utf-8"
    assert len(found["records"]) == 199
    assert found["errors"] == [[201, "", "broken_bytes"]]


def test_nul_bytes_are_dropped(tmp_path: Path) -> None:
    found = read(tmp_path, good(1) + "A2,2026-07-09,C1,T1,茶\0\0,1,980\0\r\n")
    assert found["records"][1]["lines"][0] == {
        "sku": "T1",
        "name": "茶",
        "quantity": 1,
        "unit_price_yen": 980,
        "amount_yen": 980,
    }


def test_of_two_columns_with_one_name_the_first_counts(tmp_path: Path) -> None:
    header = "order_id,ordered_at,customer,sku,product,quantity,unit_price_yen,quantity\r\n"
    found = read(tmp_path, "A1,2026-07-09,C1,T1,茶,1,980,7\r\n", header=header)
    assert found["records"][0]["lines"][0]["quantity"] == 1


def test_notices_above_the_header_are_passed_over(tmp_path: Path) -> None:
    header = "※取扱注意\r\n期間,2026/07/01 ～\r\n\r\n" + HEADER
    found = read(tmp_path, good(1), header=header)
    assert found["header_line"] == 4
    assert ids(found) == ["A1"]


def test_one_bad_line_makes_the_whole_order_an_error(tmp_path: Path) -> None:
    found = read(tmp_path, "A1,2026-07-09,C1,T1,茶,1,980\r\nA1,2026-07-09,C1,T2,紅茶,many,980\r\n" + good(2))
    assert ids(found) == ["A2"]
    assert found["errors"] == [[3, "quantity", "not_a_number"]]


def test_rows_of_one_order_may_stand_apart(tmp_path: Path) -> None:
    body = (
        good(1)
        + good(2)
        + good(3)
        + "A1,2026-07-09,C1,T2,紅茶,1,980\r\n"
        + good(4)
        + "A2,2026-07-09,C1,T2,紅茶,1,980\r\n"
    )
    found = read(tmp_path, body)
    assert {record["external_id"]: len(record["lines"]) for record in found["records"]} == {
        "A1": 2,
        "A2": 2,
        "A3": 1,
        "A4": 1,
    }


def test_one_number_for_two_orders_is_an_error(tmp_path: Path) -> None:
    found = read(tmp_path, "A1,2026-07-09,C1,T1,茶,1,980\r\nA1,2026-07-10,C2,T1,茶,1,980\r\n")
    assert found["records"] == []
    assert found["errors"] == [
        [3, "ordered_at", "differs_within_order"],
        [3, "customer", "differs_within_order"],
    ]


def test_one_leading_quote_is_stripped(tmp_path: Path) -> None:
    found = read(tmp_path, "'0001,'2026-07-09,'0012,'T1,'=茶,'1,'980\r\n")
    assert found["records"][0]["external_id"] == "0001"
    assert found["records"][0]["lines"][0]["name"] == "=茶"


def test_the_last_rows_of_a_scattered_order_may_be_left_out_by_a_filter(tmp_path: Path) -> None:
    header = "注文ID,注文日時,商品名,価格,数量,商品ID,発送状況\r\n"
    body = "A,2026-07-09,傘,100,1,1,済\r\nB,2026-07-09,傘,100,1,1,済\r\nA,2026-07-09,商品オプション「色」,0,1,,済\r\n"
    found = read(tmp_path, body, header=header)
    assert sorted(ids(found)) == ["A", "B"]
    assert found["rows"] == 3
