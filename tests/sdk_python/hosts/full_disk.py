"""A host whose files may not grow: the system call fails as on a full disk."""

import os
import resource
import signal

import afterword

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
problems: list[str] = []
client = afterword.Client(
    outbox=os.environ["OUTBOX"], linger=0.01, on_error=lambda problem: problems.append(problem.code)
)
client.record_interaction("order-confirmed")
assert client.flush(10)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
for number in range(400):
    client.trigger_survey("order-confirmed", transaction=f"t{number}", attributes={"text": "x" * 200})
assert client.flush(20)
stats = client.stats()
print(*sorted(set(problems)), "delivered", stats.delivered - 1, "dropped", sum(stats.dropped.values()))
os._exit(0)
