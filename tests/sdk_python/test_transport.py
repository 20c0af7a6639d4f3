"""The way to the collector: TLS always verified, proxies and certificates by the usual variables."""

from __future__ import annotations

import base64
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from afterword import Client, Problem

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
             "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # fmt: skip

DIRECT = build_opener(ProxyHandler({}))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture
def secure(sink: Any, certificate: Path) -> Any:
    """The sink, behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sink.server.socket = context.wrap_socket(sink.server.socket, server_side=True)
    return sink


class Proxy(BaseHTTPRequestHandler):
    """Forwards what it is asked to and remembers who asked how."""

    seen: list[tuple[str, str]]

    def do_POST(self) -> None:
        self.seen.append((self.path, self.headers.get("Proxy-Authorization", "")))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"Content-Type": "application/json", "Authorization": self.headers["Authorization"]}
        with DIRECT.open(Request(self.path, body, headers), timeout=10) as answer:
            said = answer.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_CONNECT(self) -> None:
        self.seen.append((self.path, self.headers.get("Proxy-Authorization", "")))
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[Any]:
    handler = type("Bound", (Proxy,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    server.seen = handler.seen  # type: ignore[attr-defined]
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_of_ones_own_is_trusted_when_named(
    variable: str,
    secure: Any,
    certificate: Path,
    make_client: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    client = make_client(url=f"https://127.0.0.1:{secure.port}")
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert secure.transactions() == ["one"]


def test_an_unknown_certificate_is_never_trusted(secure: Any, make_client: Callable[..., Client]) -> None:
    problems: list[Problem] = []
    client = make_client(url=f"https://127.0.0.1:{secure.port}", on_error=problems.append)
    client.trigger_survey("order-confirmed", transaction="one")
    assert not client.flush(1)
    assert secure.requests == []
    assert "CERTIFICATE_VERIFY_FAILED" in problems[0].message
    assert client.stats().queued == 1


def test_a_proxy_is_used_when_named(
    sink: Any, proxy: Any, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://jane:p%40ss@127.0.0.1:{proxy.server_address[1]}")
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert sink.transactions() == ["one"]
    expected = "Basic " + base64.b64encode(b"jane:p@ss").decode()
    assert proxy.seen == [(f"{sink.url}/api/v1/triggers", expected)]


def test_no_proxy_is_used_for_what_is_excepted(
    sink: Any, proxy: Any, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    client = make_client()
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert (sink.transactions(), proxy.seen) == (["one"], [])


def test_tls_goes_through_a_tunnel(
    proxy: Any, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://jane:secret@127.0.0.1:{proxy.server_address[1]}")
    client = make_client(url="https://feedback.example.com")
    client.trigger_survey("order-confirmed", transaction="one")
    client.flush(1)
    assert proxy.seen[0][0] == "feedback.example.com:443"
    assert proxy.seen[0][1].startswith("Basic ")
    assert client.stats().queued == 1


def test_a_path_before_the_api_is_kept(sink: Any, make_client: Callable[..., Client]) -> None:
    paths: list[str] = []

    def note(handler: Any, sink: Any, what: str, body: Any) -> bool:
        paths.append(handler.path)
        return False

    sink.fault = note
    client = make_client(url=f"{sink.url}/feedback/")
    client.trigger_survey("order-confirmed", transaction="one")
    assert client.flush()
    assert paths == ["/feedback/api/v1/triggers"]
