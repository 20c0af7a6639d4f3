"""A receiver of webhooks on loopback that checks each signature with the public library, as a customer's would."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What arrived. ``statuses`` are answered first, then ``status``; while ``held`` is clear, no answer is given."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.status = 204
        self.location = ""
        self.held = threading.Event()
        self.held.set()
        self.arrived = threading.Event()
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.calls]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.calls]

    def answer(self, headers: dict[str, str], body: bytes) -> int:
        self.calls.append((headers, body))
        self.arrived.set()
        self.held.wait(60)
        return self.statuses.pop(0) if self.statuses else self.status


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for the block."""
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(known.answer(dict(self.headers), body))
            if known.location:
                self.send_header("Location", known.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield known
    finally:
        known.held.set()
        server.shutdown()
        server.server_close()
        thread.join()
