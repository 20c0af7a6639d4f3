"""A host whose child leaves as children do, by `sys.exit()`, and which is then killed: prints what it has triggered."""

import os
import signal
import sys

import afterword


def tell(problem: afterword.Problem) -> None:
    """Be a plain function: it keeps this module, and so the client, until the very end of the child."""


client = afterword.Client(outbox=os.environ["OUTBOX"], on_error=tell, linger=0.01)


def trigger(name: str, count: int) -> None:
    for number in range(count):
        client.trigger_survey("order-confirmed", transaction=f"{name}-{number}")
        print(f"{name}-{number}", flush=True)


trigger("before", 10)
input()  # until the collector has the request, and says nothing
if os.fork() == 0:
    trigger("child", 5)
    sys.exit()
os.wait()
trigger("after", 100)
os.kill(os.getpid(), signal.SIGKILL)
