"""A real shop for a real browser: ``kizuna serve`` on an empty home of its own, and Debian's Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from kizuna.customers.staff.rules import DEMO_LOGIN

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
OWNER = "owner@example.jp"
ROOT = Path(__file__).resolve().parents[2]
KIZUNA = [sys.executable, "-c", "import sys; from kizuna.cli.main import main; sys.exit(main())"]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""Nothing is wider than the screen."""


@dataclass(frozen=True)
class Shop:
    """A running Kizuna: its address, its home, and how the owner signs in."""

    address: str
    home: Path
    password: str
    login: str = OWNER

    def kizuna(self, *arguments: str) -> str:
        """Run ``kizuna …`` in the shop's home."""
        return _run(home=self.home, arguments=arguments, address=self.address)

    def ask(self, program: str) -> str:
        """Run a few lines of Python on the shop's data; answers what they print."""
        told = {**_environment(home=self.home, address=self.address), "DJANGO_SETTINGS_MODULE": "kizuna.web.settings"}
        command = [sys.executable, "-c", f"import django\ndjango.setup()\n{program}"]
        return subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _environment(*, home: Path, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIZUNA_")}
    return {**kept, "KIZUNA_HOME": str(home), "KIZUNA_PUBLIC_URL": address}


def _run(*, home: Path, arguments: tuple[str, ...], address: str) -> str:
    done = subprocess.run(
        [*KIZUNA, *arguments],
        env=_environment(home=home, address=address),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"kizuna {' '.join(arguments)}: {done.stderr[-3000:]}"
    return done.stdout


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(*, address: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urlopen(f"{address}/health/", timeout=5):
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="session")
def seed() -> Iterator[tuple[Path, str]]:
    """A home with nothing in it but an owner, and the owner's password; made once, copied for each file."""
    home = Path(tempfile.mkdtemp(prefix="kizuna-browser-"))
    words = ("user", "create", "--email", OWNER, "--name", "山田 花子", "--role", "owner")
    said = _run(home=home, arguments=words, address="http://127.0.0.1")
    yield home, _password(said=said)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def shop(seed: tuple[Path, str]) -> Iterator[Shop]:
    """A running shop for the tests of one file; it begins empty, with an owner."""
    empty, password = seed
    home = Path(tempfile.mkdtemp(prefix="kizuna-browser-"))
    shutil.copytree(empty, home, dirs_exist_ok=True)
    with _serving(home=home, login=OWNER, password=password) as running:
        yield running


@pytest.fixture(scope="module")
def demo_shop() -> Iterator[Shop]:
    """A running demo of the smallest size: a home whose clock may be moved."""
    home = Path(tempfile.mkdtemp(prefix="kizuna-browser-"))
    said = _run(home=home, arguments=("demo", "--size", "200", "--no-serve"), address="http://127.0.0.1")
    with _serving(home=home, login=DEMO_LOGIN, password=said.split()[-1]) as running:
        yield running


@contextmanager
def _serving(*, home: Path, login: str, password: str) -> Iterator[Shop]:
    """``kizuna serve`` on the home, which goes when it ends."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [*KIZUNA, "serve", "--port", str(port), "--workers", "1"],
        env=_environment(home=home, address=address),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=(home / "serve.log").open("w"),
    )
    try:
        _wait_for(address=address, seconds=90)
        yield Shop(address=address, home=home, password=password, login=login)
    finally:
        server.terminate()
        server.wait(timeout=40)
        shutil.rmtree(home, ignore_errors=True)


def _password(*, said: str) -> str:
    """``kizuna user create`` prints the first password as the last word of a line of its own."""
    found = re.findall(r"[A-Za-z0-9_-]{10,}$", said, re.MULTILINE)
    assert found, said
    return str(found[-1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a look at the network beyond our own server."""
    if CHROMIUM is None:
        pytest.skip("no Chromium found (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@contextmanager
def tab(*, browser: Browser, width: int = 1280, height: int = 800) -> Iterator[Page]:
    """A fresh tab in Japanese; whatever the console complains about (a blocked script, a missing file) is a failure.

    That a form was sent back for what was typed in it (422) is none, nor that htmx gave a request up for a newer one.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ja-JP")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield opened
    finally:
        context.close()
    harmless = re.compile(r"status of 422|^htmx:(sendAbort|afterRequest),")
    assert [one for one in complaints if not harmless.search(one)] == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk's tab."""
    with tab(browser=browser) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A second browser, signed out: a customer's phone."""
    with tab(browser=browser, width=360, height=760) as opened:
        yield opened


def sign_in(*, page: Page, shop: Shop) -> None:
    """As a person does: address, password, button."""
    page.goto(f"{shop.address}/")
    page.get_by_label("メールアドレス").fill(shop.login)
    page.get_by_label("パスワード", exact=False).first.fill(shop.password)
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.wait_for_url(f"{shop.address}/")


def until(*, page: Page, path: str, text: str, shop: Shop, seconds: float = 30) -> None:
    """Open the page again until it says so: the worker writes what was imported into the figures."""
    deadline = time.monotonic() + seconds
    while True:
        page.goto(f"{shop.address}{path}")
        if page.locator("main").get_by_text(text).count():
            return
        assert time.monotonic() < deadline, f"{path} never said «{text}»:\n{page.locator('main').inner_text()[:1500]}"
        page.wait_for_timeout(500)


@contextmanager
def answered_late(*, page: Page, path: str) -> Iterator[None]:
    """What is posted to the path inside the block is answered only after it: whoever types is faster than the server.

    Ends when the page has settled on the answer.
    """
    held: list[Route] = []
    over = False

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not over:
            held.append(route)
        else:
            route.continue_()

    page.wait_for_load_state()  # before its scripts have run, a form posts nothing of itself
    page.route(f"**{path}", hold)
    yield
    deadline = time.monotonic() + 5
    while not held:
        assert time.monotonic() < deadline, f"nothing was posted to {path}"
        page.wait_for_timeout(20)
    settled = "new Promise(done => document.addEventListener('htmx:afterSettle', () => done(), {once: true}))"
    page.evaluate(f"() => {{ window.settled = {settled}; }}")
    over = True  # what was posted in the block but arrives here only now
    for route in held:
        route.continue_()
    page.evaluate("window.settled")
    page.unroute(f"**{path}", hold)


def upload(*, page: Page, shop: Shop, path: Path) -> None:
    """Choose the file on the import page and press on to the preview (or to the reason why not)."""
    page.goto(f"{shop.address}/imports/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="内容を確認する").click()


def counts(*, page: Page) -> dict[str, str]:
    """The four figures of an import's result, once it is no longer running."""
    expect(page.locator("#outcome:not([aria-busy])")).to_be_visible(timeout=30_000)
    names = page.locator("#outcome .k-figure-name").all_inner_texts()
    return dict(zip(names, page.locator("#outcome .k-figure-value").all_inner_texts(), strict=True))
