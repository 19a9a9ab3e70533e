"""``kizuna serve``: the web server and one worker, started together and stopped together."""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from kizuna.cli import Subparsers

STOP_SECONDS = 20
_PR_SET_PDEATHSIG = 1


def add(*, subparsers: Subparsers) -> None:
    """Bring ``kizuna serve``."""
    parser = subparsers.add_parser("serve", help="start the web server and a worker")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="web processes")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    return serve(host=arguments.host, port=arguments.port, workers=arguments.workers)


def serve(*, host: str, port: int, workers: int) -> int:
    """Run until SIGTERM or SIGINT; 0 when stopped, 1 when the web server could not stay up."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "kizuna.web.settings", "KIZUNA_STATIC": "collected"}
    collect_static(environment=environment)
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.append(number)

    previous = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    web = _start(command=_web_command(host=host, port=port, workers=workers), environment=environment)
    worker = _start(command=_worker_command(), environment=environment)
    try:
        if _answers(host=host, port=port, web=web, stopping=stopping):
            print(f"Kizuna: http://{_shown(host=host)}:{port}/   (Ctrl+C で停止 / to stop)", flush=True)
        pause = 1.0
        while not stopping and web.poll() is None:
            time.sleep(0.2)
            if worker.poll() is not None and not stopping:
                # Due work is rows with a lease: a new worker finds everything the old one left.
                print(f"The worker ended ({worker.returncode}); starting it again.", file=sys.stderr, flush=True)
                time.sleep(pause)
                pause = min(pause * 2, 30.0)
                worker = _start(command=_worker_command(), environment=environment)
        return 0 if stopping else 1
    finally:
        _stop(processes=(web, worker))
        for number, handler in previous.items():
            signal.signal(number, handler)


def _web_command(*, host: str, port: int, workers: int) -> list[str]:
    # Pages are short and CPU-bound: few threads, and a queue in front of them instead of a pile of half-done pages.
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers"),
        "kizuna.web.wsgi:application",
    ]


def _worker_command() -> list[str]:
    return [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())", "worker"]


def _start(*, command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl+C in a terminal reaches this process only, which then stops the others in order.
    return subprocess.Popen(
        command,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads here yet
    )


def _die_with_parent() -> None:
    """When this process is killed outright, its children get SIGTERM instead of holding the port for ever."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(*, processes: "tuple[subprocess.Popen[bytes], ...]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _shown(*, host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only compared


def _answers(*, host: str, port: int, web: "subprocess.Popen[bytes]", stopping: list[int]) -> bool:
    """Wait until the first page answers, so that the address is printed when it is true."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.poll() is None and not stopping:
        try:
            with urlopen(f"http://{_shown(host=host)}:{port}/health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.2)
    return False


def collect_static(*, environment: Mapping[str, str]) -> bool:
    """Gather and compress the static files when any of them changed since the last time; True when it did."""
    stamp = settings.STATIC_ROOT / ".collected"
    present = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == present:
        return False
    # In a process of its own: the storage that names files by their content is chosen when settings load.
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    subprocess.run(command, env=dict(environment), check=True)
    stamp.write_text(present, encoding="ascii")
    return True


def _fingerprint() -> str:
    digest = sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
