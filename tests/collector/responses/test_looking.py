"""Whoever only looks commits nothing: a survey that is fetched costs the database one statement."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event


def test_a_survey_is_fetched_without_a_commit(app: Flask, client: FlaskClient, trigger: Any) -> None:
    query = {"token": trigger(transaction="order-1")["invitation"]["token"]}
    commits = []
    event.listen(app.extensions["afterword_engine"], "commit", commits.append)
    assert client.get("/w/v1/survey", query_string=query).status_code == 200
    assert not commits


def test_its_connection_is_given_back(app: Flask, client: FlaskClient, trigger: Any) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    for query in ({"token": token}, {"token": "forged"}, {"customer": "forged"}):
        client.get("/w/v1/survey", query_string=query)
        assert app.extensions["afterword_engine"].pool.checkedout() == 0
