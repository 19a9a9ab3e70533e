"""Packages come from wherever the machine's clients are set up to look; the project names no such place."""

import re
import subprocess

from tests.architecture.sources import ROOT

# Written in pieces, so that this file does not name them either.
HOSTS = ("pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "cdn.js" + "delivr", "unp" + "kg.com")


def test_no_committed_file_names_a_registry_or_a_cdn() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    pattern = re.compile("|".join(map(re.escape, HOSTS)).encode())
    named = []
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and pattern.search(path.read_bytes()):
            named.append(name)
    assert named == []
