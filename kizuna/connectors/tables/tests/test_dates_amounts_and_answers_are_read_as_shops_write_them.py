from datetime import datetime

import pytest

from kizuna.clock import JST
from kizuna.connectors.tables.rules.cells import READERS, BadCell, clean_cell


def moment(text: str) -> str:
    found = READERS["moment"](clean_cell(text=text))
    assert isinstance(found, datetime)
    return found.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/7/9", "2026-07-09 00:00:00"),
        ("20260709", "2026-07-09 00:00:00"),
        ("2026年7月9日", "2026-07-09 00:00:00"),
        ("令和8年7月9日", "2026-07-09 00:00:00"),
        ("R8.7.9", "2026-07-09 00:00:00"),
        ("令和元年5月1日", "2019-05-01 00:00:00"),
        ("H31.4.30", "2019-04-30 00:00:00"),
        ("２０２６／０７／０９　１０：３０", "2026-07-09 10:30:00"),
        ("2026-07-09T01:30:00Z", "2026-07-09 10:30:00"),
        ("2026-07-09T10:30:00+09:00", "2026-07-09 10:30:00"),
        ("2025-10-07 09:50:26 +0200", "2025-10-07 16:50:26"),
        ("2025-10-07 09:50:26 UTC", "2025-10-07 18:50:26"),
        ("2026/07/09 1:02", "2026-07-09 01:02:00"),
        ("2026年7月9日(木) 午後3時5分", "2026-07-09 15:05:00"),
        ("2026年 7月 9日 10時", "2026-07-09 10:00:00"),
        ("2026/07/09 12:00:00 AM", "2026-07-09 00:00:00"),
        ("20260709103005", "2026-07-09 10:30:05"),
        ("2022/8/10 093005", "2022-08-10 09:30:05"),
        ("2024-02-29", "2024-02-29 00:00:00"),
    ],
)
def test_dates(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "7/9/2026",
        "26/7/9",
        "2026-13-01",
        "2025-02-29",
        "2026/7/9 25:00",
        "46212",
        "昨日",
        "0000-00-00",
        "R99.1.1",
        "2026-W28-4",
    ],
)
def test_what_is_no_date_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        moment(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,080", 1080),
        ("¥1,080", 1080),
        ("￥１，０８０", 1080),
        ("1,080円", 1080),
        ("1080.00", 1080),
        ("-500", -500),
        ("▲500", -500),
        ("(500)", -500),
    ],
)
def test_amounts(text: str, expected: int) -> None:
    assert READERS["money"](clean_cell(text=text)) == expected


@pytest.mark.parametrize("text", ["19.80", "千円", "1_000", "inf", "NaN", "1e400", "9" * 20, "--5"])
def test_what_is_no_amount_in_yen_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        READERS["money"](text)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "99999999999999999999"])
def test_a_quantity_is_one_or_more(text: str) -> None:
    with pytest.raises(BadCell):
        READERS["count"](text)


def test_a_promise_without_a_time_means_the_end_of_that_day() -> None:
    for text in ("2026/7/9", "2026-07-09 00:00:00"):
        found = READERS["deadline"](text)
        assert isinstance(found, datetime)
        assert found.astimezone(JST).strftime("%m-%d %H:%M:%S") == "07-09 23:59:59"
