"""A Celery application with a prefork pool whose client is made, and used, before the fork."""

import os

import afterword
from afterword.integrations.celery import install
from celery import Celery

app = Celery("shop", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": os.environ["QUEUE"],
    "data_folder_out": os.environ["QUEUE"],
    "control_folder": os.environ["QUEUE"],
}
client = afterword.Client(outbox=None if os.environ.get("MEMORY") else os.environ["OUTBOX"], linger=0.01)
install(app, client)


@app.task
def deliver(number: int) -> None:
    client.trigger_survey("installed", transaction=f"task-{number}")
