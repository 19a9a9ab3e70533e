"""A throw-away home folder for every test run and, when asked for, a private PostgreSQL.

``KIZUNA_TEST_DB=postgres`` starts a server of our own on a Unix socket in a temporary folder, so the
suite needs no prepared database; PostgreSQL refuses to run as root, hence the change of user.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Machines are noisy: no property fails because an example took long.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

_HOME = Path(tempfile.mkdtemp(prefix="kizuna-test-"))
os.environ["KIZUNA_HOME"] = str(_HOME / "home")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kizuna.web.settings")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)


def postgres_binaries() -> Path | None:
    """The folder of a complete PostgreSQL server, the newest first; None when there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("postgres")
    return Path(found).parent if found else None


def _as_postgres_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    user = next(entry for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"})
    shutil.chown(_HOME, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid}


def _start_postgres() -> str:
    binaries = postgres_binaries()
    if binaries is None:
        raise RuntimeError("KIZUNA_TEST_DB=postgres needs a PostgreSQL server (Debian: apt-get install postgresql)")
    identity = _as_postgres_user()
    data, socket = _HOME / "pg", _HOME
    run = {"capture_output": True, "cwd": _HOME, **identity}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "kizuna", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **run
    )
    options = f"-k {socket} -c listen_addresses='' -c fsync=off -c max_connections=200"
    subprocess.run(
        [binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", _HOME / "pg.log", "start"], check=True, **run
    )
    stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
    atexit.register(subprocess.run, stop, capture_output=True, **identity)
    subprocess.run([binaries / "createdb", "-h", socket, "-U", "kizuna", "kizuna"], check=True, **run)
    return f"postgresql://kizuna@/kizuna?host={socket}"


if os.environ.get("KIZUNA_TEST_DB") == "postgres":
    os.environ["KIZUNA_DATABASE"] = _start_postgres()

# Settings may be read only now. Naming them in pyproject.toml would let pytest-django read them before this
# file has run, and the tests would work in the developer's own home folder, on SQLite whatever was asked for.
django.setup()

# Parallel workers inherit the environment: finding the settings named there, they would read them before this file
# gives them a home of their own, and all of them would write files of the same names into one folder.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(autouse=True)
def _no_language_stays_behind() -> Iterator[None]:
    """A page asked for in English leaves its thread English; the next test begins as a new process does."""
    yield
    translation.deactivate()
