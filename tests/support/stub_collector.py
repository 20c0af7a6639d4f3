"""A stub collector that keeps to docs/reference/wire.md."""

from __future__ import annotations

import json
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[2]
SURVEYS = json.loads((ROOT / "tests/browser/widget/surveys.json").read_text("utf-8"))
SCRIPT = ROOT / "collector/static/widget/v1.js"
STAMPED = {sha256(file.read_bytes()).hexdigest()[:16]: file for file in SCRIPT.parent.glob("*.js")}


class Collector:
    """Answers surveys by the name in their token ("nps.1" asks "nps"), keeps what arrives, and can fail on demand."""

    url: str

    def __init__(self) -> None:
        self.failing = False
        self.instead: list[tuple[int, str, dict[str, str]]] = []  # what the next responses meet on the way
        self.settled = False  # the time for a second thought is over
        self.requests: list[str] = []
        self.posts: list[dict[str, Any]] = []
        self.events: list[str] = []
        self.responses: dict[str, dict[str, Any]] = {}
        self.headers: list[dict[str, str]] = []
        self.scripts: list[str] = []  # the paths of the widget's scripts that were asked for
        self.missing: set[str] = set()  # the names of scripts that it has not
        self.offers: dict[str, Any] = {}  # what a survey carries besides its questions
        self.why: dict[str, str] = {}  # the headers that tell a local page why nothing is shown

    def survey(self, query: dict[str, list[str]]) -> dict[str, Any] | None:
        token = (query.get("token") or query.get("customer") or query["touchpoint"])[0]
        name = token.split(".")[0]
        if name not in SURVEYS:
            return None
        held = self.responses.get(token)
        if held and held["complete"]:
            return None
        answered = {"response_id": held["response_id"], "answers": held["answers"]} if held else None
        found = {**SURVEYS[name], "token": token, "invitation_id": identifier(token), "answered": answered}
        return found | self.offers

    def submit(self, message: dict[str, Any]) -> int:
        self.posts.append(message)
        held = self.responses.setdefault(message["token"], {"answers": {}, "complete": False, "new": True})
        if held.setdefault("response_id", message["response_id"]) != message["response_id"]:
            return 409
        if self.settled and any(
            held["answers"].get(key, value) != value for key, value in message["answers"].items()
        ):
            return 409
        held["answers"] |= message["answers"]
        held["complete"] |= message["complete"]
        return 201 if held.pop("new", False) else 200

    def answers(self, token: str) -> dict[str, Any]:
        return self.responses[token]["answers"] if token in self.responses else {}

    def complete(self, token: str) -> bool:
        return token in self.responses and self.responses[token]["complete"]


def identifier(token: str) -> str:
    """A UUID-shaped id of the invitation."""
    return f"00000000-0000-8000-8000-{int.from_bytes(token.encode()[-6:].rjust(6, b'0'), 'big'):012x}"


def serve(handler: type[BaseHTTPRequestHandler]) -> tuple[ThreadingHTTPServer, str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def collector_handler(collector: Collector) -> type[Quiet]:
    class Handler(Quiet):
        def parse_request(self) -> bool:
            """Take requests under a path of a proxy's too."""
            understood = super().parse_request()
            self.path = self.path.removeprefix("/feedback") if understood else ""
            return understood

        def answer(self, status: int, body: object = None) -> None:
            collector.requests.append(f"{self.command} {urlsplit(self.path).path}")
            collector.headers.append(dict(self.headers))
            payload = b"" if body is None else json.dumps(body).encode()
            self.reply(status, payload, Content_Type="application/json", Access_Control_Allow_Origin="*", **collector.why)  # fmt: skip

        def script(self, path: str) -> None:
            collector.scripts.append(path)
            name = path.removeprefix("/widget/")
            file = STAMPED.get(name.removeprefix("v1.").removesuffix(".js"), SCRIPT.parent / name)
            found = name not in collector.missing and file.exists()
            body = file.read_bytes() if found else b""
            kind = "text/javascript" if found else "text/html"
            self.reply(200 if found else 404, body, Content_Type=kind, Access_Control_Allow_Origin="*")

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.startswith("/widget/"):
                return self.script(url.path)
            if collector.failing:
                return self.answer(503)
            survey = collector.survey(parse_qs(url.query))
            return self.answer(200, survey) if survey else self.answer(204)

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if collector.failing:
                return self.answer(503)
            if collector.instead and self.path == "/w/v1/responses":
                status, said, headers = collector.instead.pop(0)
                return self.reply(status, said.encode(), Access_Control_Allow_Origin="*", **headers)
            if self.path == "/w/v1/events":
                collector.events.append(message["event"])
                return self.answer(202, {})
            held = message["response_id"]
            status = collector.submit(message)
            return self.answer(
                status, {"code": "answer_conflict"} if status == 409 else {"response_id": held}
            )

        def do_OPTIONS(self) -> None:
            self.answer(405)

    return Handler
