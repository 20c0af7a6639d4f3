"""A host that triggers and leaves, in the way it is told."""

import os
import signal
import sys
import time

import afterword

how, count = sys.argv[1], int(sys.argv[2])
outbox = None if os.environ.get("OUTBOX") == "memory" else os.environ["OUTBOX"]
client = afterword.Client(outbox=outbox, linger=float(os.environ.get("LINGER", "5")))
for number in range(count):
    client.trigger_survey("order-confirmed", transaction=f"t{number}")
time.sleep(float(os.environ.get("PAUSE", "0")))
print(time.time(), flush=True)
if how == "_exit":
    os._exit(0)
if how in ("SIGTERM", "SIGKILL"):
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(10)
if how == "raise":
    raise SystemExit(3)
