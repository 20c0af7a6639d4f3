"""A survey in a page of a browser without Playwright: put there, waited for, answered."""

from __future__ import annotations

from typing import Any

from stub_collector import Collector

from tests.support.window import HELP, Window

NINE = {"score": 9}


def survey(token: str = "nps.1", more: str = "") -> str:
    """The element, with more attributes."""
    return f'<afterword-survey token="{token}" {more}></afterword-survey>'


def settle(fox: Window, milliseconds: int = 450) -> None:
    """A fresh question takes a click for the tail of a double click."""
    fox.js(f"new Promise(done => setTimeout(done, {milliseconds}))")


def ask(fox: Window, site: Any, body: str, head: str = "", **headers: str) -> None:
    """Open a page with the widget's script and wait until a question can be answered."""
    fox.open(site.page("$SCRIPT" + body, head=HELP + head, **headers))
    fox.until("sight('.question').length")
    settle(fox)


def nine(fox: Window, collector: Collector, token: str = "nps.1") -> None:
    """A mouse's click on 9, which arrives."""
    fox.click("sight('.choice')[9]")
    fox.wait(lambda: collector.answers(token) == NINE)
