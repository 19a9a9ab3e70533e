"""A folder that cannot be made, a damaged database, a file where a folder belongs: a sentence and exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())"]
TABLE = "answer_id,instrument,score,answered_at\n1,nps,11,2026-01-01\n"


def _run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KIZUNA_HOME": str(home), "KIZUNA_DATABASE": "sqlite"}
    return subprocess.run([*RUN, *arguments], env=environment, capture_output=True, text=True, check=False)


def _is_told(done: subprocess.CompletedProcess[str], *, words: str) -> None:
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", [["metrics"], ["lake", "verify"], ["import", "x.csv"], ["worker", "--once"]])
def test_a_file_stands_where_the_home_should_be(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    _is_told(_run(*command, home=tmp_path / "home"), words="KIZUNA_HOME")
    _is_told(_run(*command, home=tmp_path / "home" / "below"), words="KIZUNA_HOME")


def test_a_folder_stands_where_the_database_should_be(tmp_path: Path) -> None:
    (tmp_path / "kizuna.sqlite3").mkdir()
    _is_told(_run("lake", "verify", home=tmp_path), words="The database cannot be used")


def test_the_folder_for_files_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "files").touch()
    (tmp_path / "answers.csv").write_text(TABLE, encoding="utf-8")
    _is_told(_run("import", str(tmp_path / "answers.csv"), home=tmp_path), words=str(tmp_path / "files"))
