"""A collector behind a real proxy with TLS, at a host's root or below a path."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import proxies
import pytest
from served import Collector, free_port, serve


@dataclass
class Behind:
    """The collector, and how it is reached from outside."""

    collector: Collector
    port: int
    plain: int | None
    place: str
    folder: Path
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}{self.place}"

    def call(self, method: str, path: str, family: str, body: Any = None, **headers: str) -> Any:
        """(answer, its bytes) over TLS by IPv4 or IPv6; cookies are kept as a browser keeps them."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "chain.pem"))
        address = {"IPv4": "127.0.0.1", "IPv6": "::1"}[family]
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=trusted)
        connection.sock = trusted.wrap_socket(
            socket.create_connection((address, self.port), 30), server_hostname="localhost"
        )
        sent = urlencode(body) if isinstance(body, dict) else body
        if isinstance(body, dict):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, self.place + path, sent, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for said in answer.headers.get_all("Set-Cookie") or []:
            name, value = said.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer, content

    def sign_in(self, family: str) -> Any:
        """Through the form; gives the answer to it."""
        page = self.call("GET", "/sign-in", family)[1].decode()
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token, page
        form = {"csrf": token[1], **self.collector.keys["admin"]}
        return self.call(
            "POST", "/sign-in", family, form, Origin=self.url, **{"Sec-Fetch-Site": "same-origin"}
        )[0]

    def invite(self) -> str:
        """The token of a new invitation."""
        self.number = getattr(self, "number", 0) + 1
        place = {"touchpoint": "order-confirmed", "journey": "first-order"}
        item = {**place, "customer": f"c-{self.number}", "transaction": f"t-{self.number}"}
        key = {"Authorization": f"Bearer {self.collector.keys['server_key']}"}
        body = json.dumps({"triggers": [item]})
        content = self.call("POST", "/api/v1/triggers", "IPv4", body, **key)[1]
        return str(json.loads(content)["decisions"][0]["invitation"]["token"])


@pytest.fixture(scope="module", params=["nginx", "nginx below a path", "caddy", "caddy below a path"])
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """A collector at https://localhost behind the proxy that the test is run with."""
    folder, port, plain = tmp_path_factory.mktemp("proxy"), free_port(), free_port()
    program, _, below = request.param.partition(" ")
    place, tls = (proxies.PREFIX if below else ""), proxies.certificate(folder)
    with ExitStack() as stack:
        settings = {"AFTERWORD_URL": f"https://localhost:{port}{place}", "AFTERWORD_PROXIES": "1"}
        collector = stack.enter_context(serve(f"sqlite:///{folder}/afterword.db", folder, **settings))
        inner = int(collector.url.rpartition(":")[2])
        if program == "nginx":
            stack.enter_context(proxies.nginx(folder, port, plain, inner, place, tls))
        else:
            stack.enter_context(proxies.caddy(folder, port, inner, place, tls))
        yield Behind(collector, port, plain if program == "nginx" else None, place, folder)
