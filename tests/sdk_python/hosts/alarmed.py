"""A host whose signal handler triggers surveys in the middle of its own calls: prints how many, and the stats."""

import itertools
import json
import os
import signal
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
numbers = itertools.count()
calls = {"main": [], "alarm": []}


def trigger(name: str) -> None:
    """Counts by single steps of the interpreter: on a busy machine one alarm comes in the middle of another."""
    number = next(numbers)
    client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")
    calls[name].append(number)


signal.signal(signal.SIGALRM, lambda *_: trigger("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
end = time.monotonic() + 2
while time.monotonic() < end:
    trigger("main")
signal.setitimer(signal.ITIMER_REAL, 0)
flushed = client.flush(30)
made = {name: len(each) for name, each in calls.items()}
print(json.dumps({"flushed": flushed, **made, **client.stats()._asdict()}))
