"""The egress gate: its own deny table, pinned addresses, limits of time and size, redirects checked again."""

import errno
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings

from kizuna.gates.egress import EgressDenied, Unreachable, connect, fetch, is_allowed, why_of
from kizuna.words import Words

INTERNAL = (
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
    *("64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "fec0::1", "not an address"),
)


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_denied(address: str) -> None:
    assert not is_allowed(address=address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.104.138.138", "172.15.0.1", "172.32.0.1", "2606:4700::1111"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address=address)


def test_a_mail_server_may_stand_in_the_company_but_not_be_the_cloud_itself() -> None:
    for address in ("127.0.0.1", "::1", "10.0.0.5", "192.168.10.2", "fd12::1"):
        assert is_allowed(address=address, company=True)
    for address in ("169.254.169.254", "fe80::1", "0.0.0.0", "2002:7f00:1::", "64:ff9b::a00:1", "224.0.0.1"):
        assert not is_allowed(address=address, company=True)


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "https://169.254.169.254/latest/meta-data/")
            self.end_headers()
        elif self.path == "/home":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 5_000)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello " + self.headers["Host"].encode())


@pytest.fixture
def server(settings: LazySettings) -> Iterator[str]:
    settings.EGRESS_LOOPBACK = True
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_loopback_is_reached_only_when_the_setting_says_so(server: str, settings: LazySettings) -> None:
    assert fetch(method="GET", url=server).text == f"hello {server.removeprefix('http://')}"
    settings.EGRESS_LOOPBACK = False
    with pytest.raises(EgressDenied):
        fetch(method="GET", url=server)
    with pytest.raises(EgressDenied):
        fetch(method="GET", url=server.replace("http", "https"))


def test_a_name_that_changes_its_mind_is_asked_once_and_connected_to_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    connected: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    def open_socket(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", open_socket)
    with pytest.raises(Unreachable) as caught:
        connect(host="rebinding.example", port=443)
    assert connected == ["93.184.215.14"]
    assert caught.value.sent is False
    assert caught.value.words == Words(ja="接続が拒否されました", en="connection refused")


@pytest.mark.parametrize(
    ("error", "ja"),
    [
        (socket.gaierror(-2, "Name or service not known"), "ホスト名が見つかりません"),
        (TimeoutError(), "時間内に応答がありません"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "ネットワークに接続できません"),
        (http.client.RemoteDisconnected("Remote end closed connection"), "接続が切れました"),
        (Unreachable(words=Words(ja="混雑", en="busy"), sent=True), "混雑"),
        (OSError("451 try later"), "451 try later"),
        (ValueError(), "ValueError"),
    ],
)
def test_what_went_wrong_is_told_in_the_reader_s_language(error: Exception, ja: str) -> None:
    assert why_of(error).ja == ja


def test_one_denied_address_of_a_name_denies_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(EgressDenied):
        connect(host="two-faced.example", port=443)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "https://user:pw@example.com/", "file:///etc/passwd"),
        *(
            "https:///nowhere",
            "https://[::1",
            "https://example.com:99999/",
            "gopher://127.0.0.1/",
            "https://2130706433/",
        ),
        *("https://0x7f.1/", "https://127.0.0.1.:443/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
    ],
)
def test_an_address_of_another_kind_is_denied(url: str) -> None:
    with pytest.raises((EgressDenied, Unreachable)):
        fetch(method="GET", url=url, timeout_seconds=1)


def test_a_redirect_is_not_followed_unless_allowed_and_never_to_a_denied_place(server: str) -> None:
    assert fetch(method="GET", url=f"{server}/home").status == 302
    assert fetch(method="GET", url=f"{server}/home", redirects=1).status == 200
    with pytest.raises(EgressDenied):
        fetch(method="GET", url=f"{server}/away", redirects=3)


def test_a_dripping_or_endless_answer_is_cut_off(server: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable) as late:
        fetch(method="GET", url=f"{server}/drip", timeout_seconds=0.5)
    assert time.monotonic() - started < 3
    assert late.value.sent is True
    with pytest.raises(Unreachable):
        fetch(method="GET", url=f"{server}/large", max_bytes=4_000)


@pytest.mark.parametrize("value", ["a\r\nHost: elsewhere", "a\nb", "全角のトークン", "\ud83c", "a\x7f"])
def test_a_header_cannot_be_smuggled_in_and_wide_letters_are_refused_before_the_wire(value: str, server: str) -> None:
    with pytest.raises(EgressDenied) as told:
        fetch(method="GET", url=server, headers={"X-Note": value})
    assert "全角文字や改行" in told.value.words.ja
