"""A host whose signal handler closes the client in the middle of its calls, and which goes on: prints the stats."""

import json
import os
import signal
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
calls, closed, within = 0, 0, 0
DEEPEST = 10  # on a busy machine a close takes longer than the alarms are apart: without end, each would nest in the last


def close(*_: object) -> None:
    global closed, within
    if within == DEEPEST:
        return
    closed, within = closed + 1, within + 1
    client.close(0.2)
    within -= 1


signal.signal(signal.SIGALRM, close)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.0231)
end = time.monotonic() + 3
while time.monotonic() < end:
    client.trigger_survey("order-confirmed", transaction=f"main-{calls}")
    calls += 1
signal.setitimer(signal.ITIMER_REAL, 0)
flushed = client.flush(20)
print(json.dumps({"flushed": flushed, "calls": calls, "closed": closed, **client.stats()._asdict()}))
