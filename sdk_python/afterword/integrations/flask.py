"""Flask: one client per application, and the survey in a template."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app
from markupsafe import Markup

from ..client import Client
from ..invitation import Invitation

_OPTIONS = ("URL", "API_KEY", "OUTBOX", "PUBLIC_URL", "SYNCHRONOUS", "ALLOW_PERSONAL_DATA", "ON_ERROR")


class Afterword:
    """The extension: `afterword = Afterword(app)`, or `init_app(app)` in a factory.

    Settings are `AFTERWORD_URL`, `AFTERWORD_API_KEY`, `AFTERWORD_OUTBOX` and so on, named as the arguments of
    `Client`. Templates get `afterword_survey(invitation)` and `afterword_customer_survey(customer)`.
    """

    def __init__(self, app: Flask | None = None, *, client: Client | None = None) -> None:
        """Make the extension; `client` replaces the one that the settings would make, for example in tests."""
        self._client = client
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Make the application's client."""
        app.extensions["afterword"] = self._client or Client(**_options(app))
        app.jinja_env.globals["afterword_survey"] = survey
        app.jinja_env.globals["afterword_customer_survey"] = customer_survey

    @property
    def client(self) -> Client:
        """The client of the current application."""
        return current_client()


def current_client() -> Client:
    """Return the client of the current application."""
    return cast(Client, current_app.extensions["afterword"])


def survey(invitation: Invitation, **options: Any) -> Markup:
    """Return the widget for one invitation; `options` are those of `Invitation.widget_tag`."""
    return Markup(invitation.widget_tag(**options))


def customer_survey(customer: str, **options: Any) -> Markup:
    """Return the widget that shows what is pending for a customer, if anything."""
    return Markup(current_client().customer_widget_tag(customer, **options))


def _options(app: Flask) -> dict[str, Any]:
    named = {name: f"AFTERWORD_{name}" for name in _OPTIONS}
    return {name.lower(): app.config[setting] for name, setting in named.items() if setting in app.config}
