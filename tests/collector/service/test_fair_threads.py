"""One machine's flood: whoever else comes is answered at once, and after that in turns."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from collector.service.listening import Listener

LONG = 30.0
Start = Callable[..., Listener]


class Slow:
    """Notes who is answered, in order; a flood's requests wait until they may end."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        name = environ["PATH_INFO"].strip("/")
        self.order.append(name)
        if name.startswith("flood"):
            assert self.may_end.acquire(timeout=LONG)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


def get(port: Any, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=LONG)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def flood(pool: ThreadPoolExecutor, listener: Listener, count: int) -> list[Future[int]]:
    port = listener.effective_port
    return [pool.submit(get, port, f"/flood{n}", Authorization="Bearer shop") for n in range(count)]


def test_the_last_thread_is_kept_from_one_key(listen: Start, until: Any) -> None:
    app = Slow()
    listener = listen(app, threads=3)
    with ThreadPoolExecutor(16) as pool:
        sent = flood(pool, listener, 10)
        until(lambda: len(listener.task_dispatcher.queue) == 8)
        assert len(app.order) == 2
        assert (
            get(listener.effective_port, "/other", Authorization="Bearer other") == 200
        )  # while none of it ends
        assert get(listener.effective_port, "/customer") == 200
        assert app.order[2:] == ["other", "customer"]
        app.may_end.release(10)
        assert [each.result(LONG) for each in sent] == [200] * 10


def test_who_comes_into_a_flood_is_next(listen: Start, until: Any) -> None:
    """With one thread there is none to keep: in the next round it is."""
    app = Slow()
    listener = listen(app, threads=1)
    with ThreadPoolExecutor(16) as pool:
        sent = flood(pool, listener, 10)
        until(lambda: len(listener.task_dispatcher.queue) == 9)
        other = pool.submit(get, listener.effective_port, "/other", Cookie="session=1")
        until(lambda: len(listener.task_dispatcher.queue) == 10)
        app.may_end.release(10)
        assert [each.result(LONG) for each in (*sent, other)] == [200] * 11
    assert app.order.index("other") == 2
