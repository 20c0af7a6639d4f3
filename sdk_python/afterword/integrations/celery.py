"""Celery: a task that triggers, and an orderly end of each worker process.

Calling `client.trigger_survey()` inside any task works without this file: the client is whole after the fork of
a prefork pool. What a worker process needs is a flush at its end, since it leaves by `os._exit`.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task, signals

from ..client import Client

_FLUSH_SECONDS = 2.0


def install(app: Celery, client: Client) -> Task:
    """Register the task `afterword.trigger_survey` and close the client when a worker process ends.

    The task takes the arguments of `Client.trigger_survey` and returns the link; give it a `transaction`, so that
    a redelivered task is the same invitation.
    """

    def close(**_: Any) -> None:
        client.close(_FLUSH_SECONDS)

    signals.worker_process_shutdown.connect(close, weak=False)
    signals.worker_shutdown.connect(close, weak=False)

    @app.task(name="afterword.trigger_survey", ignore_result=False)
    def trigger_survey(touchpoint: str, **arguments: Any) -> str:
        return client.trigger_survey(touchpoint, **arguments).url

    return trigger_survey
