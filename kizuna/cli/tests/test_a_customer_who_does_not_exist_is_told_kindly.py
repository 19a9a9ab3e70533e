"""Whatever is typed instead of a customer's number, the answer is a sentence and exit code 2."""

import pytest

from kizuna.cli.main import main


@pytest.mark.parametrize(
    "typed", ["1", "999999999999999999999999", "①", "²", "nobody@x.example", "", "\x00", "9" * 5000]
)
@pytest.mark.parametrize("command", [["export-person"], ["erase-person", "--yes"]])
@pytest.mark.django_db
def test_it_is_told_in_both_languages(command: list[str], typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, typed]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "該当する顧客は見つかりません。\nThere is no such customer." in told.err
