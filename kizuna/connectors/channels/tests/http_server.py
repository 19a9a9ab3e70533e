"""The frame of the stand-ins for LINE and the SMS service: JSON over HTTP on loopback, and trouble on request."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What the stand-in answers."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class StandIn(ThreadingHTTPServer):
    """``trouble`` is used up request by request: ``503`` or ``cut`` before anything is done, ``503 after`` or
    ``cut after`` once it is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.trouble: list[str] = []
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, *, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            self.server.requests.append((method, self.path, headers, body))
            trouble = self.server.trouble.pop(0) if self.server.trouble else ""
            done = not trouble or trouble.endswith("after")
            reply = (
                self.server.answer(method=method, path=self.path, headers=headers, body=body) if done else Reply(503)
            )
        if trouble.startswith("cut"):
            self.close_connection = True
            self.connection.close()
            return
        if trouble.startswith("503"):
            reply = Reply(503, {"message": "service unavailable"})
        raw = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
