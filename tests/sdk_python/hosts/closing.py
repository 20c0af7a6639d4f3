"""A host whose signal handler closes the client in the middle of its calls, and which goes on: prints the stats."""

import json
import os
import signal
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
calls, closed = 0, 0


def close(*_: object) -> None:
    global closed
    closed += 1
    client.close(0.2)


signal.signal(signal.SIGALRM, close)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.0231)
end = time.monotonic() + 3
while time.monotonic() < end:
    client.trigger_survey("order-confirmed", transaction=f"main-{calls}")
    calls += 1
signal.setitimer(signal.ITIMER_REAL, 0)
flushed = client.flush(20)
print(json.dumps({"flushed": flushed, "calls": calls, "closed": closed, **client.stats()._asdict()}))
