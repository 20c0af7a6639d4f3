"""One contender, one figure: `python sdk_contenders.py <contender> <measure> <port> <folder>` prints JSON.

Runs inside the throw-away environment that sdk.py makes, each time in a fresh process.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import queue
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

KEY = "aw_sk_testtestte_" + "A" * 64
ATTRIBUTES = {"tariff": "L", "amount": 49.9, "currency": "EUR", "items": 3, "new": True}
PROPERTIES = {
    "touchpoint": "order-confirmed", "journey": "first-order", "transaction": "order-991", "locale": "de",
    "channel": "web", "tariff": "L", "amount": 49.9, "currency": "EUR", "items": 3, "new": True,
}  # fmt: skip
RATE = 2_000
_LONGEST, _SILENCE = 60.0, 6.0

Call = Callable[[int], object]


def afterword_durable(port: str, folder: Path) -> Call:
    return _signed(_afterword(port, folder / "outbox.db"))


def afterword_durable_no_link(port: str, folder: Path) -> Call:
    return _afterword(port, folder / "outbox.db")


def afterword_full(port: str, folder: Path) -> Call:
    return _signed(_afterword(port, folder / "outbox.db", synchronous="FULL"))


def afterword_memory(port: str, folder: Path) -> Call:
    return _signed(_afterword(port, None))


def afterword_memory_no_link(port: str, folder: Path) -> Call:
    return _afterword(port, None)


def _afterword(port: str, outbox: Path | None, **options: str) -> Call:
    import afterword

    client = afterword.Client(f"http://127.0.0.1:{port}", api_key=KEY, outbox=outbox, **options)
    globals()["client"] = client
    return lambda n: client.trigger_survey(
        "order-confirmed", journey="first-order", customer=f"c-{n}", transaction=f"order-{n}",
        locale="de", channel="web", attributes=ATTRIBUTES,
    )  # fmt: skip


def _signed(trigger: Call) -> Call:
    """The link is signed when it is first asked for: ask for it."""
    return lambda n: trigger(n).url  # type: ignore[attr-defined]


def posthog(port: str, folder: Path) -> Call:
    import posthog

    client = globals()["client"] = posthog.Posthog("phc_key", host=f"http://127.0.0.1:{port}")
    return lambda n: client.capture("order confirmed", distinct_id=f"c-{n}", properties=PROPERTIES)


def segment(port: str, folder: Path) -> Call:
    import segment.analytics as analytics

    client = globals()["client"] = analytics.Client("key", host=f"http://127.0.0.1:{port}")
    return lambda n: client.track(f"c-{n}", "order confirmed", dict(PROPERTIES))


def sentry(port: str, folder: Path) -> Call:
    import sentry_sdk

    sentry_sdk.init(f"http://key@127.0.0.1:{port}/1")
    globals()["client"] = sentry_sdk
    return lambda n: sentry_sdk.capture_message(f"order confirmed {n}", contexts={"order": PROPERTIES})


def queue_put(port: str, folder: Path) -> Call:
    items: queue.Queue[object] = queue.Queue()
    return lambda n: items.put_nowait((n, PROPERTIES))


def sqlite_insert(port: str, folder: Path) -> Call:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT)")
    body = json.dumps(PROPERTIES)
    return lambda n: connection.execute("INSERT INTO rows (body) VALUES (?)", (body,))


def urllib3_post(port: str, folder: Path) -> Call:
    import urllib3

    pool = urllib3.PoolManager()
    body = json.dumps(PROPERTIES).encode()
    return lambda n: pool.request("POST", f"http://127.0.0.1:{port}/post", body=body)


def paced(call: Call, seconds: float) -> dict[str, float]:
    """Call at a fixed rate; late calls are not left out, and what is timed is the call alone."""
    for n in range(200):
        call(-n)
    gc.collect()
    took, start = [], time.perf_counter()
    for n in range(int(RATE * seconds)):
        while (wait := start + n / RATE - time.perf_counter()) > 0:
            time.sleep(wait)
        before = time.perf_counter()
        call(n)
        took.append(time.perf_counter() - before)
    took.sort()
    return {
        name: took[int(len(took) * share)] * 1e6
        for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999))
    }


def burst(call: Call, port: str, rows: int) -> dict[str, float]:
    """Hand rows over as fast as possible, wait until all that comes has come, and count it at the sink."""
    call(-1)
    _flush(5)
    already, before, start = _arrived(port), _resident(), time.perf_counter()
    peak = before
    for n in range(rows):
        call(n)
        if n % 5_000 == 0:
            peak = max(peak, _resident())
    handed_over = time.perf_counter() - start
    arrived, ended = -1, time.perf_counter()
    last = at = ended
    while time.perf_counter() - ended < _LONGEST and (
        arrived < rows and time.perf_counter() - last < _SILENCE
    ):
        _flush(0.25)
        peak = max(peak, _resident())
        now = _arrived(port) - already
        if now != arrived:
            arrived, last, at = now, time.perf_counter(), time.perf_counter()
    return {
        "per_second": arrived / (at - start), "hand_over_per_second": rows / handed_over,
        "rss_growth_mb": (max(peak, _resident()) - before) / 2**20, "lost": rows - arrived,
    }  # fmt: skip


def _flush(seconds: float) -> None:
    """Ask for delivery; peers whose flush takes no bound are left to their own thread."""
    client = globals().get("client")
    if type(client).__module__.startswith("afterword"):
        client.flush(seconds)
    else:
        time.sleep(seconds)


def _arrived(port: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=10) as answer:
        return int(answer.read())


def leave(call: Call) -> dict[str, float]:
    """Queue some rows and end; the caller measures how long the interpreter takes to leave."""
    for n in range(100):
        call(n)
    time.sleep(0.5)
    print(json.dumps({"left_at": time.time()}), flush=True)
    sys.exit(0)


def import_time(contender: str) -> dict[str, float]:
    """Time the import together with the making of a client, in five fresh interpreters, and take the best."""
    code = f"import time; t = time.perf_counter(); {READY[contender]}; print(time.perf_counter() - t, flush=True)"
    code += "; import os; os._exit(0)"
    runs = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(5)]
    return {"ms": min(runs) * 1e3}


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


READY = {
    "afterword_durable": "import tempfile, afterword; afterword.Client('http://127.0.0.1:9',"
    f" api_key='{KEY}', outbox=tempfile.mkdtemp() + '/o.db')",
    "posthog": "import posthog; posthog.Posthog('phc_key', host='http://127.0.0.1:9')",
    "segment": "import segment.analytics as a; a.Client('key', host='http://127.0.0.1:9')",
    "sentry": "import sentry_sdk; sentry_sdk.init('http://key@127.0.0.1:9/1')",
}


def main(contender: str, measure: str, port: str, folder: str) -> None:
    logging.disable(logging.CRITICAL)
    if measure == "import":
        print(json.dumps(import_time(contender)))
        return
    call: Call = globals()[contender](port, Path(folder))
    if measure == "leave":
        leave(call)
    what, _, rows = measure.partition(":")
    figures = burst(call, port, int(rows)) if what == "burst" else paced(call, float(measure))
    print(json.dumps(figures), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
