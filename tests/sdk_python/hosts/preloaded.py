"""A WSGI application whose client is made, and used, before gunicorn forks its workers."""

import json
import os

import afterword

client = afterword.Client(outbox=os.environ["OUTBOX"], linger=0.01)
client.trigger_survey("order-confirmed", transaction="preload")
client.flush(10)


def application(environment, start_response):
    if environment["PATH_INFO"] == "/stats":
        client.flush(10)
        body = {"pid": os.getpid(), **client.stats()._asdict()}
    else:
        client.trigger_survey("order-confirmed", transaction=environment["PATH_INFO"])
        body = {"pid": os.getpid()}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]
