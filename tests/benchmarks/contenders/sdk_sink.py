"""A server on loopback that says what each SDK wants to hear: `python sdk_sink.py [hang]` prints its port."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sys

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)


class Sink(asyncio.Protocol):
    """One connection: reads requests, answers each at once, or never when told to hang."""

    received = 0
    hang = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (request := self._next_request()) is not None:
            if not Sink.hang:
                self.transport.write(_answer(*request))  # type: ignore[attr-defined]

    def _next_request(self) -> tuple[bytes, bytes] | None:
        head, separator, rest = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        if _CHUNKED.search(head):
            body, separator, rest = rest.partition(b"0\r\n\r\n")
            complete = bool(separator)
        else:
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            complete, body, rest = len(rest) >= length, rest[:length], rest[length:]
        if not complete:
            return None
        self.buffer = rest
        return head.split(b"\r\n", 1)[0], body


def _answer(line: bytes, body: bytes) -> bytes:
    if line.startswith(b"GET /count"):
        said = str(Sink.received).encode()
    elif b"/api/v1/triggers" in line:
        triggers = json.loads(body)["triggers"]
        Sink.received += len(triggers)
        said = json.dumps(
            {"decisions": [{"trigger_id": trigger["trigger_id"]} for trigger in triggers]}
        ).encode()
    else:
        Sink.received += _events(line, body)
        said = b'{"status": 1, "success": true, "id": "0"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said)
    return head + said


def _events(line: bytes, body: bytes) -> int:
    """Return how many events a peer's request carries: a JSON batch (posthog, segment) or an envelope (sentry)."""
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if b"/envelope" in line:
        return body.count(b'"type":"event"')
    try:
        return len(json.loads(body).get("batch", ()))
    except (ValueError, AttributeError):
        return 0


async def main() -> None:
    Sink.hang = "hang" in sys.argv
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
