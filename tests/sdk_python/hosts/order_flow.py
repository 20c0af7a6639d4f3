"""A host that takes orders until somebody kills it; says each order only after `trigger_survey` has returned."""

import os
import sys
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01, timeout=2)
number = 0
while True:
    transaction = f"{sys.argv[1]}-{number}"
    client.trigger_survey("order-confirmed", transaction=transaction, attributes={"amount": 49.9})
    os.write(1, f"{transaction}\n".encode())
    number += 1
    time.sleep(0.002)
