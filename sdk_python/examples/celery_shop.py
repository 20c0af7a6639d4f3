"""Orders finished by Celery: run with `celery --app celery_shop worker` after setting AFTERWORD_URL and AFTERWORD_API_KEY."""

import os

from celery import Celery

from afterword import Client
from afterword.integrations.celery import install

app = Celery("shop", broker=os.environ.get("BROKER", "memory://"))
sdk = Client(outbox=os.environ.get("OUTBOX", "afterword-outbox.db"))
trigger_survey = install(app, sdk)


@app.task
def install_line(number: str) -> None:
    sdk.trigger_survey("installed", transaction=number, channel="in_person")
