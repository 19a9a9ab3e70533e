import json
import re
import shlex
import subprocess
import sys

from tests.loop.conftest import ROOT, Company, environment

PAGE = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`kizuna (metric [^`]+)`", PAGE)))
# One process for all of them: starting Python seventeen times would take longer than answering.
SCRIPT = """
import contextlib, io, json, sys
from kizuna.cli.main import main
for line in sys.stdin:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main([*json.loads(line), "--json"])
    print(json.dumps([code, printed.getvalue()]), flush=True)
"""


def test_every_metric_command_on_the_demo_page_answers_with_numbers(company: Company) -> None:
    assert len(COMMANDS) > 10
    asked = "".join(json.dumps(shlex.split(command)) + "\n" for command in COMMANDS)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=asked,
        env=environment(company.home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    silent = [
        command
        for command, (code, printed) in zip(COMMANDS, answers, strict=True)
        if code != 0 or not any("value" in row for row in json.loads(printed))
    ]
    assert silent == []
