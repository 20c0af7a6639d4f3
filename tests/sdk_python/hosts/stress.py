"""A host that forks, triggers and is interrupted all at once: prints what it did, who got stuck, and the stats.

Threads fork at the same moment, others trigger, an alarm's handler triggers and closes the client in the middle of
calls; each tenth child triggers too, and leaves without a word.
"""

import faulthandler
import json
import os
import signal
import sys
import threading
import time

import afterword

seconds = float(sys.argv[1])
outbox = os.environ["OUTBOX"]
client = afterword.Client(outbox=None if outbox == "memory" else outbox, linger=0.01, memory_limit=1_000_000)
stop = time.monotonic() + seconds
done: dict[str, int] = {}
longest = 0.0
sys.setswitchinterval(0.00001)
faulthandler.dump_traceback_later(seconds + 25, exit=True)


def trigger(name: str) -> None:
    global longest
    number = done.get(name, 0)
    began = time.monotonic()
    client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")
    longest = max(longest, time.monotonic() - began)
    done[name] = number + 1


def fork(name: str) -> None:
    number = 0
    while time.monotonic() < stop:
        child = os.fork()
        if child == 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if number % 10 == 0 and outbox != "memory":
                client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")
            os._exit(0)
        os.waitpid(child, 0)
        if number % 10 == 0 and outbox != "memory":
            done[f"{name}-{number}"] = 1
        number += 1


def call(name: str) -> None:
    while time.monotonic() < stop:
        trigger(name)
        time.sleep(0.002)


def alarm(*_: object) -> None:
    trigger("alarm")
    if done["alarm"] % 20 == 0:
        client.close(0.05)


signal.signal(signal.SIGALRM, alarm)
threads = [threading.Thread(target=fork, args=(f"fork{number}",), daemon=True) for number in range(3)]
threads += [threading.Thread(target=call, args=(f"call{number}",), daemon=True) for number in range(2)]
for thread in threads:
    thread.start()
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.0071)
call("main")
signal.setitimer(signal.ITIMER_REAL, 0)
for thread in threads:
    thread.join(15)
stuck = [thread.name for thread in threads if thread.is_alive()]
sys.setswitchinterval(0.005)
flushed = client.flush(20)
print(
    json.dumps(
        {"stuck": stuck, "flushed": flushed, "longest": longest, "done": done, **client.stats()._asdict()}
    )
)
sys.stdout.flush()
os._exit(0)
