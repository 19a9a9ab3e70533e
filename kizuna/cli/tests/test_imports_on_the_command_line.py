import json
from pathlib import Path

import pytest

from kizuna.cli.main import main
from kizuna.connectors.tables.tests.reading import GOLDEN

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_json_says_what_became_of_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(GOLDEN / "generic_orders.csv")
    code, out, _ = run(capsys, "import", path, "--json")
    found = json.loads(out)
    assert code == 0
    errors_file = found.pop("errors_file")
    assert found == {"layout": "generic_orders", "rows_in": 9, "imported": 5, "skipped": 2, "errored": 2}
    assert Path(errors_file).exists()
    code, out, _ = run(capsys, "import", path, "--json")
    assert (code, json.loads(out)["imported"]) == (0, 0)


def test_without_errors_there_is_no_errors_file(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "import", str(GOLDEN / "shopify_customers.csv"), "--json")
    assert json.loads(out)["errors_file"] is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18, b"a,b\n1,2\n"])
def test_a_file_that_cannot_be_read_ends_with_2_and_a_sentence(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    code, out, err = run(capsys, "import", str(path), "--json")
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 2


def test_a_layout_or_columns_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("伝票,日付,品目,いくつ,いくら\n1,2026/7/9,急須,2,3000\n", encoding="utf-8")
    assert run(capsys, "import", str(path), "--layout", "no_such")[0] == 2
    assert run(capsys, "import", str(path), "--layout", "generic_orders")[0] == 2
    named = (
        "order_id=伝票",
        "ordered_at=日付",
        "product=品目",
        "quantity=いくつ",
        "unit_price=いくら",
        "channel==phone",
    )
    mapped = [part for pair in named for part in ("--map", pair)]
    code, out, _ = run(capsys, "import", str(path), "--layout", "generic_orders", *mapped, "--json")
    assert (code, json.loads(out)["imported"]) == (0, 1)


def test_layouts_are_listed_and_an_import_is_undone(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "import", "--list-layouts")
    assert "rakuten_rms_orders_old" in out
    _, out, _ = run(capsys, "import", "--list-layouts", "--json")
    assert len(json.loads(out)) >= 18
    _, out, _ = run(capsys, "import", str(GOLDEN / "reviews.csv"))
    number = "".join(c for c in out.split("（")[0] if c.isdigit())
    assert run(capsys, "undo-import", number)[0] == 0
    assert run(capsys, "undo-import", number)[0] == 2
    assert run(capsys, "undo-import", "999999")[0] == 2
