"""A host that has used up its file descriptors before the first call, and gets some back later."""

import os
import resource

import afterword

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
taken = []
try:
    while True:
        taken.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
for number in range(30):
    client.trigger_survey("order-confirmed", transaction=f"t{number}")
client.flush(0.3)
for descriptor in taken:
    os.close(descriptor)
assert client.flush(20)
stats = client.stats()
print("delivered", stats.delivered, "dropped", sum(stats.dropped.values()))
client.close()
