"""A host whose signal handler triggers surveys in the middle of its own calls: prints how many, and the stats."""

import json
import os
import signal
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
calls = {"main": 0, "alarm": 0}


def trigger(name: str) -> None:
    client.trigger_survey("order-confirmed", transaction=f"{name}-{calls[name]}")
    calls[name] += 1


signal.signal(signal.SIGALRM, lambda *_: trigger("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
end = time.monotonic() + 2
while time.monotonic() < end:
    trigger("main")
signal.setitimer(signal.ITIMER_REAL, 0)
flushed = client.flush(30)
print(json.dumps({"flushed": flushed, **calls, **client.stats()._asdict()}))
