"""What the widget costs a page, beside a hand-written form and two peers from npm, in one run.

    python tests/benchmarks/widget.py [--runs 9] [--throttle 4] [--check]

Installs the peers of PEERS into build/widget-peers, serves every page alike from one loopback server (gzip, no cache),
and loads each in a fresh browser context, in turns. Prints requests, bytes on the wire, the time from navigation to
a visible question as a ratio to the hand-written form, blocking time (long tasks beyond 50 ms) and layout shift.
--check fails where the widget is over 1.5 times the form, blocks longer than it, or shifts anything. On a busy machine
even the form has long tasks of the browser's own: hence the comparison.
"""

import argparse
import gzip
import statistics
import subprocess
import sys
import threading
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent / "contenders"))
from widget_pages import ANSWERS, PAGES

ROOT = Path(__file__).parents[2]
PEERS = ["posthog-js@1.449.2", "survey-core@2.5.38", "survey-js-ui@2.5.38"]
FOLDER = ROOT / "build/widget-peers"
TYPES = {".js": "text/javascript", ".css": "text/css"}
LIMIT = 1.5
WIDGET = list((ROOT / "collector/static/widget").glob("*.js"))
SCRIPTS = {f"/widget/{file.name}": file for file in WIDGET}
SCRIPTS |= {f"/widget/v1.{sha256(file.read_bytes()).hexdigest()[:16]}.js": file for file in WIDGET}
WATCH = """
window.seen = 0; window.blocked = 0; window.shifted = 0;
new PerformanceObserver(l => l.getEntries().forEach(e => blocked += Math.max(0, e.duration - 50))).observe({type: "longtask", buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => shifted += e.hadRecentInput ? 0 : e.value)).observe({type: "layout-shift", buffered: true});
const find = root => { for (const e of root.querySelectorAll("*")) {
  if (e.shadowRoot && find(e.shadowRoot)) return true;
  if (/^10$/.test(e.textContent.trim()) && e.getBoundingClientRect().width && getComputedStyle(e).visibility == "visible") return true } };
const look = () => { if (document.body && find(document)) seen = performance.now(); else requestAnimationFrame(look) };
requestAnimationFrame(look);
"""


@cache
def body(path: str) -> tuple[str, bytes] | None:
    """The media type and the gzipped body behind a path."""
    name = unquote(path.removeprefix("/page/"))
    if path.startswith("/page/") and name in PAGES:
        kind, raw = "text/html; charset=utf-8", PAGES[name].encode()
    elif path in ANSWERS:
        kind, raw = ANSWERS[path][0], ANSWERS[path][1].encode()
    else:
        if path.startswith("/static/"):  # where posthog-js looks for what it loads later
            path = path.replace("/static/", "/peers/posthog-js/dist/")
        file = SCRIPTS.get(path, FOLDER / "node_modules" / path.removeprefix("/peers/"))
        if not file.is_file():
            return None
        kind, raw = TYPES[file.suffix], file.read_bytes()
    return kind, gzip.compress(raw, 9, mtime=0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = body(urlsplit(self.path).path)
        self.reply(200 if found else 404, *(found or ("text/plain", gzip.compress(b""))))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.reply(200, "application/json", body("/flags/")[1])  # type: ignore[index]

    def reply(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Encoding": "gzip", "Content-Length": str(len(content)),
                            "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A closed page resets its connections."""


def load(browser: Browser, url: str, throttle: float) -> dict[str, float]:
    """One cold load: milliseconds to the visible question, requests and bytes until then, blocking time, shift."""
    context = browser.new_context(viewport={"width": 1024, "height": 720})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.seen", timeout=30000)
    page.wait_for_timeout(400)
    result: dict[str, Any] = page.evaluate("({ms: seen, blocked, shifted})")
    context.close()
    return {**result, "requests": len(received), "bytes": sum(received)}


def measure(runs: int, throttle: float) -> dict[str, dict[str, float]]:
    """Medians by contender; the contenders take turns, so that a noisy minute hits all alike."""
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for _ in range(runs):
            for name in PAGES:
                taken[name].append(
                    load(browser, f"http://127.0.0.1:{server.server_port}/page/{name}", throttle)
                )
        browser.close()
    server.shutdown()
    for rounds in taken.values():
        for run, form in zip(rounds, taken["native form"], strict=True):
            run["ratio"] = run["ms"] / form["ms"]  # within the round, where the noise is the same
    return {
        name: {key: statistics.median(run[key] for run in of) for key in of[0]} for name, of in taken.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--throttle", type=float, default=4)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(FOLDER), *PEERS], check=True
    )
    found = measure(options.runs, options.throttle)
    print(f"{'':20}{'requests':>9}{'bytes':>10}{'visible ms':>12}{'ratio':>7}{'blocking ms':>13}{'shift':>8}")
    for name, of in found.items():
        print(
            f"{name:20}{of['requests']:9.0f}{of['bytes']:10,.0f}{of['ms']:12.0f}{of['ratio']:7.2f}{of['blocked']:13.0f}{of['shifted']:8.3f}"
        )
    ours, form = found["afterword"], found["native form"]
    good = ours["ratio"] <= LIMIT and ours["blocked"] <= form["blocked"] and not ours["shifted"]
    return 0 if good or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
