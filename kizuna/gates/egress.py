"""The only way out: every outgoing HTTP request, and every connection to a mail server.

An address somebody typed into a settings page may lead into the company's own network or to a cloud's
metadata service, at once or after the name server has changed its mind. So the name is resolved here, every
address it has is held against a deny table, and the connection goes to the very address that was checked.
Python's ``is_global`` is no help: it is True for ``2002:7f00:1::`` and ``64:ff9b::7f00:1``, which are
127.0.0.1 in a coat. The table is therefore our own, and for IPv6 it is a list of what is allowed.
Proxy variables of the environment are not followed.
"""

import errno
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from kizuna.errors import NotAllowed
from kizuna.words import Words

TIMEOUT_SECONDS = 20.0
MAX_BYTES = 1_000_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


_LOOPBACK = _networks("127.0.0.0/8", "::1/128")
_COMPANY = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
# IANA special-purpose registry (2025): everything that is not a public unicast address.
_DENIED_V4 = _networks(
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
    *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
)
_ALLOWED_V6 = _networks("2000::/3")
# Teredo and other protocol assignments, documentation, 6to4: the last hides an IPv4 address.
_DENIED_V6 = _networks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")


class EgressDenied(NotAllowed):
    """The address leads to a place that must not be reached from here."""

    code = "egress_denied"

    def __init__(self, *, host: str, words: Words | None = None) -> None:
        super().__init__(
            words
            or Words(
                ja="「{host}」には接続できません。社内や機器自身のアドレスに当たるため、安全のため止めました。",
                en="“{host}” is not reached: it leads to an internal address, which is not allowed from here.",
            ).fill(host=host)
        )
        self.host = host


_UNSPEAKABLE = Words(
    ja="認証情報に、送れない文字（全角文字や改行）が含まれています。設定画面で入力し直してください。",
    en="The credentials hold characters that cannot be sent (wide letters, line ends). Please enter them again.",
)


class Unreachable(Exception):  # noqa: N818  like a refusal, it is an answer
    """Nobody answered in time. ``sent`` says whether the request may have been received all the same."""

    def __init__(self, *, words: Words, sent: bool) -> None:
        super().__init__(words.en)
        self.words = words
        self.sent = sent


_LATE = Words(ja="時間内に応答がありません", en="timed out")
_CUT = Words(ja="接続が切れました", en="connection closed")
_NO_SUCH_HOST = Words(ja="ホスト名が見つかりません", en="no such host name")
_NO_WAY = Words(ja="ネットワークに接続できません", en="the network cannot be reached")
_TOO_MUCH = Words(ja="応答が{max_bytes}バイトを超えています", en="answered with more than {max_bytes} bytes")
_WORDED: tuple[tuple[type[Exception], Words], ...] = (
    (socket.gaierror, _NO_SUCH_HOST),
    (UnicodeError, _NO_SUCH_HOST),
    (ConnectionRefusedError, Words(ja="接続が拒否されました", en="connection refused")),
    (TimeoutError, _LATE),
    (ConnectionError, _CUT),
)


def why_of(error: Exception) -> Words:
    """What went wrong with a connection, for a person; what has no wording of its own is told as the system told it."""
    if isinstance(error, Unreachable):
        return error.words
    if isinstance(error, OSError) and error.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return _NO_WAY
    said = str(error) or type(error).__name__
    return next((words for kind, words in _WORDED if isinstance(error, kind)), Words(ja=said, en=said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, whatever it holds."""
        return self.body.decode("utf-8", errors="replace")


def is_allowed(*, address: str, company: bool = False) -> bool:
    """Whether this address may be reached. ``company`` also opens loopback and private ranges, for mail servers."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if _within(found, _LOOPBACK):
        return company or bool(getattr(settings, "EGRESS_LOOPBACK", False))
    if company and _within(found, _COMPANY):
        return True
    if isinstance(found, ipaddress.IPv4Address):
        return not _within(found, _DENIED_V4)
    return _within(found, _ALLOWED_V6) and not _within(found, _DENIED_V6)


def is_loopback(*, host: str) -> bool:
    """Whether the name leads to this machine and nowhere else."""
    try:
        found = _resolve(host=host, port=0)
    except OSError:
        return False
    return all(_within(ipaddress.ip_address(address.partition("%")[0]), _LOOPBACK) for address in found)


def connect(*, host: str, port: int, timeout_seconds: float = TIMEOUT_SECONDS, company: bool = False) -> socket.socket:
    """An open connection to one of the checked addresses of ``host``.

    Raises: EgressDenied when any address of the name is denied, Unreachable when none answers.
    """
    try:
        found = _resolve(host=host, port=port)
    except (OSError, UnicodeError) as error:
        raise Unreachable(words=why_of(error), sent=False) from error
    # One denied address is enough: whoever controls the name could make us choose it the next time.
    if not all(is_allowed(address=address, company=company) for address in found):
        raise EgressDenied(host=host)
    deadline = time.monotonic() + timeout_seconds
    failure = OSError(errno.EHOSTUNREACH, host)
    for address in found:
        try:
            return socket.create_connection((address, port), timeout=max(0.1, deadline - time.monotonic()))
        except OSError as error:
            failure = error
    raise Unreachable(words=why_of(failure), sent=False)


def fetch(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_bytes: int = MAX_BYTES,
    redirects: int = 0,
) -> Answer:
    """One HTTP exchange over TLS, whole within the time and the size. A redirect is an answer like any other
    unless ``redirects`` allows some; each further address is checked like the first, and gets no credentials.

    Raises: EgressDenied, Unreachable.
    """
    sent = dict(headers or {})
    if not all(name.isascii() and value.isascii() and value.isprintable() for name, value in sent.items()):
        # A line end would begin a header of its own, and other letters have no place in one.
        raise EgressDenied(host=urlsplit(url).netloc, words=_UNSPEAKABLE)
    for left in range(redirects, -1, -1):
        answer = _exchange(
            method=method, url=url, headers=sent, body=body, timeout_seconds=timeout_seconds, max_bytes=max_bytes
        )
        target = answer.headers.get("location", "")
        if answer.status not in REDIRECTS or not target or not left:
            break
        following = urljoin(url, target)
        if urlsplit(following).netloc != urlsplit(url).netloc:
            sent = {name: value for name, value in sent.items() if name.lower() not in {"authorization", "cookie"}}
        if answer.status not in {307, 308}:
            method, body = "GET", b""
        url = following
    return answer


def _exchange(
    *, method: str, url: str, headers: Mapping[str, str], body: bytes, timeout_seconds: float, max_bytes: int
) -> Answer:
    host, port, path, secure = _parts(url)
    deadline = time.monotonic() + timeout_seconds
    sock = connect(host=host, port=port, timeout_seconds=timeout_seconds)
    begun = False
    try:
        with _until(sock, deadline):
            if secure:
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            client = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
            client.sock = sock
            begun = True
            client.request(method, path, body=body or None, headers={"Connection": "close", **headers})
            response = client.getresponse()
            received = response.read(max_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        late = time.monotonic() >= deadline
        raise Unreachable(words=_LATE if late else why_of(error), sent=begun) from error
    finally:
        with suppress(OSError):
            sock.close()
    if time.monotonic() >= deadline:  # a body cut off by the deadline may look like one that ended
        raise Unreachable(words=_LATE, sent=True)
    if len(received) > max_bytes:
        raise Unreachable(words=_TOO_MUCH.fill(max_bytes=max_bytes), sent=True)
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=found, body=received)


@contextmanager
def _until(sock: socket.socket, deadline: float) -> Iterator[None]:
    """A server that drips one byte a second meets every single time-out; the connection is shut at the deadline."""
    # The file descriptor is duplicated, since TLS takes the original object over.
    twin = sock.dup()

    def shut() -> None:
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        twin.close()


def _parts(url: str) -> tuple[str, int, str, bool]:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise EgressDenied(host=url[:100], words=_NO_ADDRESS) from error
    host = split.hostname or ""
    secure = split.scheme == "https"
    plain = split.scheme == "http" and bool(getattr(settings, "EGRESS_LOOPBACK", False)) and is_loopback(host=host)
    if not host or "@" in split.netloc or not (secure or plain):
        raise EgressDenied(host=host or url[:100], words=_NO_ADDRESS)
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return host, port or (443 if secure else 80), path, secure


_NO_ADDRESS = Words(
    ja="接続先は https:// で始まるアドレスにしてください。",
    en="The address to connect to must begin with https://.",
)


def _resolve(*, host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
