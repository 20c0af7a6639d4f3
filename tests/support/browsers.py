"""The browser of somebody who signs in, as Flask's test client: it carries cookies and form tokens along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

PASSWORD = "a long enough password"


def token(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


@dataclass
class Browser:
    """One person's browser."""

    client: FlaskClient

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(path, **given)

    def post(self, path: str, form_at: str = "/me", **form: Any) -> Any:
        """Send a form as the page at ``form_at`` would."""
        return self.client.post(path, data={"csrf": token(self.client.get(form_at).text), **form})

    def call(self, method: str, path: str, **given: Any) -> Any:
        """Call the API as a page's script would."""
        csrf = token(self.client.get("/me").text)
        return self.client.open(path, method=method, headers={"X-CSRF": csrf}, **given)


def sign_in(app: Flask, email: str, password: str = PASSWORD) -> Browser:
    """The browser of somebody who has signed in."""
    browser = Browser(app.test_client())
    answer = browser.post("/sign-in", "/sign-in", email=email, password=password)
    assert answer.status_code == 303, answer.text
    return browser


def open_account(app: Flask, link: str, password: str = PASSWORD, **form: str) -> Browser:
    """The browser of somebody who has just opened their account by its link."""
    path = "/welcome/" + link.rpartition("/welcome/")[2]
    browser = Browser(app.test_client())
    answer = browser.post(path, path, password=password, **form)
    assert answer.status_code == 303, answer.text
    return browser
