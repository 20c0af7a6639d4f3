"""A host that commits an order with its trigger, and dies before any relay has seen it."""

import os
import sys

import afterword
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine(sys.argv[1])
client = afterword.Client(outbox=None)
with Session(engine) as session:
    for number in range(20):
        session.execute(text("INSERT INTO orders (name) VALUES (:name)"), {"name": f"t{number}"})
        client.trigger_survey("order-confirmed", transaction=f"t{number}", session=session)
    session.commit()
    client.trigger_survey("order-confirmed", transaction="never committed", session=session)
    session.flush()
    os.kill(os.getpid(), 9)
