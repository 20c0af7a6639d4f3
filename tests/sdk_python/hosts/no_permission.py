"""A host that runs as nobody and may not write where its outbox should be."""

import os

import afterword

with afterword.Client(outbox=None) as first:  # loads what nobody may not be allowed to read
    first.record_interaction("order-confirmed")
os.chmod(os.getcwd(), 0o555)
os.setgid(65534)
os.setuid(65534)
problems: list[str] = []
client = afterword.Client(
    outbox=os.environ["OUTBOX"], linger=0.01, on_error=lambda problem: problems.append(problem.code)
)
for number in range(5):
    client.trigger_survey("order-confirmed", transaction=f"t{number}")
assert client.flush(10)
print(*problems, "delivered", client.stats().delivered)
client.close()
