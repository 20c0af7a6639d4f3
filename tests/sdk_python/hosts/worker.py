"""A worker with one refused row and one that waits, which then does nothing until it is killed."""

import os
import sys
import time

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
client.trigger_survey("bad", transaction=f"bad-{sys.argv[1]}")
while client.stats().dead == 0:
    time.sleep(0.01)
client.trigger_survey("order-confirmed", transaction=f"good-{sys.argv[1]}")
print(client.stats().dead, "refused", flush=True)
time.sleep(60)
