"""A request takes a thread when it is here whole; what never comes whole costs nobody anything."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from collector.service import listening, reading


def hello(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def send(port: str, data: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", int(port)), timeout=10)
    made.sendall(data)
    return made


def get(port: str, path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def read_answer(connection: socket.socket) -> bytes:
    """One answer of a connection that stays open: its head and its body may come apart."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(4096)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


def read_all(connection: socket.socket) -> bytes:
    said = b""
    while came := connection.recv(65_536):
        said += came
    return said


@pytest.mark.parametrize(
    "half", [b"", b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"]
)
def test_many_half_requests_hold_up_nobody(listen: Callable[..., Any], half: bytes) -> None:
    port = listen(hello).effective_port
    held = [send(port, half) for _ in range(100)]
    assert get(port, "/other") == (200, b"/other")
    for connection in held:
        connection.close()


def test_a_request_in_pieces_is_answered_once_it_is_whole(listen: Callable[..., Any]) -> None:
    connection = send(listen(hello).effective_port, b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
    connection.sendall(b"cde")
    assert read_answer(connection).endswith(b"\r\n\r\nabcde")
    connection.close()


def test_a_body_too_large_is_refused_by_its_announced_length(listen: Callable[..., Any]) -> None:
    head = b"POST /w/v1/responses HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n"
    connection = send(listen(hello).effective_port, head)
    status, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 413 ")
    assert b"Access-Control-Allow-Origin: *" in status
    assert json.loads(body)["code"] == "body_too_large"
    connection.close()


@pytest.mark.parametrize(
    "pieces",
    [b"1000\r\n" + b"x" * 4096 + b"\r\n", b"1;" + b"y" * 4096 + b"\r\nx\r\n"],
    ids=["too much", "too much around it"],
)
def test_a_body_of_no_announced_length_is_refused_once_it_is_too_large(
    listen: Callable[..., Any], pieces: bytes
) -> None:
    """It never ends: whoever waited for its end would keep all that comes."""
    head = b"POST /w/v1/responses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = send(listen(hello).effective_port, head + pieces * 150)
    status, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body)["code"] == "body_too_large"
    connection.close()


def test_a_body_in_pieces_may_hold_as_much_as_any(listen: Callable[..., Any]) -> None:
    head = b"POST /w/v1/responses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 16 + b"0\r\n\r\n"
    connection = send(listen(hello).effective_port, head + pieces)
    assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    connection.close()


def test_who_sends_on_after_a_refusal_reads_it_and_meets_no_reset(listen: Callable[..., Any]) -> None:
    head = b"POST /w/v1/responses HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n"
    connection = send(listen(hello).effective_port, head)
    connection.sendall(b"x" * 1_000_000)
    assert read_all(connection).startswith(b"HTTP/1.1 413 ")
    connection.close()


@pytest.mark.parametrize("path", ["/api/v1/triggers", "/api/v1/imports/responses"])
def test_what_a_server_sends_may_be_larger(listen: Callable[..., Any], path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nContent-Length: 200000\r\n\r\n".encode()
    connection = send(listen(hello).effective_port, head + b"x" * 200_000)
    assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    connection.close()


@pytest.mark.parametrize(
    ("bad", "status"), [(b"no request\r\n\r\n", b"400"), (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, b"431")]
)
def test_what_cannot_be_read_is_a_problem_document(
    listen: Callable[..., Any], bad: bytes, status: bytes
) -> None:
    connection = send(listen(hello).effective_port, bad)
    head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert json.loads(body)["status"] == int(status)
    connection.close()


def test_a_request_that_has_begun_must_arrive(
    listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BEGUN", 0.2)
    port = listen(hello).effective_port
    for half in (b"", b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"):
        connection = send(port, half)
        assert connection.recv(10) == b""
        connection.close()


@pytest.mark.parametrize("half", [b"", b"GET / HTTP/1.1\r\nX: "])
def test_a_clock_set_back_keeps_no_half_request(
    listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, half: bytes
) -> None:
    monkeypatch.setattr(reading, "BEGUN", 0.2)
    port, by_the_clock = listen(hello).effective_port, time.time
    assert get(port) == (200, b"/")  # it has looked after its connections once
    connection = send(port, half)
    monkeypatch.setattr(time, "time", lambda: by_the_clock() - 3600)
    assert connection.recv(10) == b""
    connection.close()


def test_an_idle_connection_outlives_that_time(
    listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BEGUN", 0.2)
    connection = send(listen(hello).effective_port, b"GET / HTTP/1.1\r\n\r\n")
    assert read_answer(connection)
    connection.settimeout(1.5)
    with pytest.raises(TimeoutError):
        connection.recv(10)
    connection.close()


def test_health_is_told_while_every_request_thread_is_busy(listen: Callable[..., Any]) -> None:
    release = threading.Event()

    def stuck(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] in {"/slow", "/readyz"}:
            release.wait(10)
        return hello(environ, start_response)

    port = listen(stuck).effective_port
    held = [send(port, b"GET %s HTTP/1.1\r\n\r\n" % path) for path in (b"/slow", b"/slow", b"/readyz")]
    assert get(port, "/livez") == (200, b"/livez")
    release.set()
    assert all(connection.recv(4096).startswith(b"HTTP/1.1 200") for connection in held)
    for connection in held:
        connection.close()


def test_more_waiting_requests_than_can_be_answered_are_refused(
    listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "WAITING", 0)
    connection = send(listen(hello).effective_port, b"GET / HTTP/1.1\r\n\r\n")
    said = read_all(connection)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in said
    connection.close()


def test_while_ending_each_answer_is_the_last_of_its_connection(listen: Callable[..., Any]) -> None:
    listener = listen(hello)
    connection = send(listener.effective_port, b"GET / HTTP/1.1\r\n\r\n")
    assert b"Connection: close" not in connection.recv(4096)
    listener.is_ending = True
    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert b"Connection: close" in read_all(connection)
    connection.close()
