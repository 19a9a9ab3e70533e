"""Bench of the pages: ten times the demo, twenty users at once, over the real server on loopback."""

import http.client
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kizuna.customers.people.models import Person

USERS = 20
ASKS_EACH = 25
PAUSE_SECONDS = 1.0
"""A person reads before the next click; without a pause, twenty users measure the machine's throughput instead."""


def run(*, seed: int, size: int = 200_000) -> dict[str, Any]:
    """Load a demo of ``size`` customers, count statements, and time the three pages with 20 users at once."""
    figures: dict[str, Any] = {"customers": size}
    began = time.perf_counter()
    command = [sys.executable, "-m", "kizuna.cli.main", "demo", "--no-serve", "--seed", str(seed), "--size", str(size)]
    subprocess.run(command, check=True, stdout=sys.stderr, env=_environment())
    figures["demo loaded, s"] = round(time.perf_counter() - began, 1)
    client = Client(headers={"accept-language": "ja"}, SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.filter(role="owner").earliest("pk"), _backend())
    busy = Person.objects.filter(root=None).order_by("pk")[1000]
    pages = {
        "home": reverse("home"),
        "customer 360": reverse("customer", args=[busy.pk]),
        "metric page": reverse("metric", args=["nps"]),
    }
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            status = client.get(path).status_code
        figures[f"{name}: status, SQL statements"] = f"{status}, {len(asked)}"
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    port, server = _serve()
    try:
        for name, path in pages.items():
            for how, pause in (("a page a second each", PAUSE_SECONDS), ("back to back", 0.0)):
                taken = _ask_together(port=port, path=path, cookie=cookie, pause=pause)
                shown = f"{_quantile(taken, 0.5)} / {_quantile(taken, 0.95)}"
                figures[f"{name}: p50 / p95 ms, {USERS} users, {how}"] = shown
            figures[f"{name}: pages a second at most"] = round(len(taken) / (sum(taken) / USERS))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    return figures


def _environment() -> dict[str, str]:
    """The child's settings: this bench's home and, on PostgreSQL, its scratch database."""
    name = str(connection.settings_dict["NAME"])
    url = os.environ.get("KIZUNA_DATABASE", "sqlite")
    if connection.vendor == "postgresql":
        head, _, query = url.partition("?")
        url = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    return {**os.environ, "KIZUNA_DATABASE": url}


def _backend() -> str:
    return str(settings.AUTHENTICATION_BACKENDS[-1])


def _serve() -> tuple[int, "subprocess.Popen[bytes]"]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kizuna.cli.main", "serve", "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(command, stdout=sys.stderr, env=_environment())
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return port, server
    server.kill()
    raise RuntimeError("the server did not come up")


def _ask_together(*, port: int, path: str, cookie: str, pause: float) -> list[float]:
    """Each user asks in turn, all users at once, over kept connections; seconds of every answer after a warm-up."""
    taken: list[float] = []
    failures: list[int] = []

    def user(start: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(pause * start / USERS)  # people do not click in step
        for number in range(ASKS_EACH + 3):
            began = time.perf_counter()
            line.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "ja", "Host": f"127.0.0.1:{port}"})
            answer = line.getresponse()
            answer.read()
            spent = time.perf_counter() - began
            if answer.status != 200:
                failures.append(answer.status)
            elif number >= 3:
                taken.append(spent)
            time.sleep(max(0.0, pause - spent))

    threads = [threading.Thread(target=user, args=(start,)) for start in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} answers were not 200: {sorted(set(failures))}")
    return taken


def _quantile(taken: Sequence[float], share: float) -> float:
    return round(sorted(taken)[math.ceil(share * len(taken)) - 1] * 1000, 1)
