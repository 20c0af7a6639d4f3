"""A host that forks around its first call: `fork.py before|after|thread` prints the stats of parent and child."""

import json
import os
import sys
import threading

import afterword

outbox = None if os.environ.get("OUTBOX") == "memory" else os.environ["OUTBOX"]
client = afterword.Client(outbox=outbox, linger=0.01)


def trigger(name: str, count: int) -> None:
    for number in range(count):
        client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")


def report(name: str) -> None:
    flushed = client.flush(20)
    os.write(1, (json.dumps({"name": name, "flushed": flushed, **client.stats()._asdict()}) + "\n").encode())


if sys.argv[1] != "before":
    trigger("early", 50)
noise = threading.Thread(target=trigger, args=("noise", 200))
if sys.argv[1] == "thread":
    noise.start()
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        trigger(f"child{child}", 100)
        report(f"child{child}")
        os._exit(0)
    children.append(pid)
trigger("parent", 100)
for pid in children:
    assert os.waitpid(pid, 0)[1] == 0
if sys.argv[1] == "thread":
    noise.join()
report("parent")
client.close()
