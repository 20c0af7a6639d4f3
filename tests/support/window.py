"""A window of a browser without Playwright: open a page, ask its scripts, click and type as a person does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "ArrowRight": "\ue014", "Space": " "}

HELP = """<script>window.broken = [];
    for (const kind of ["error", "unhandledrejection"])
        addEventListener(kind, (event) => broken.push(String(event.reason ?? event.message)));
    /** All that match, through every shadow root. */
    window.all = (selector, root = document) => [...root.querySelectorAll(selector),
        ...[...root.querySelectorAll("*")].flatMap((each) => each.shadowRoot ? all(selector, each.shadowRoot) : [])];
    window.sight = (selector) => all(selector).filter((each) => each.checkVisibility?.({visibilityProperty: true}) ??
        (each.getClientRects().length && getComputedStyle(each).visibility == "visible"));</script>"""
"""What a page is given to be looked into: its errors, what matches through every shadow root, what can be seen."""


class Window:
    """What can be done in it, whichever way its browser takes commands."""

    def call(self, command: str, **parameters: object) -> Any:
        """Have a WebDriver command carried out and return its value; raises what the browser says."""
        raise NotImplementedError

    def open(self, url: str) -> None:
        """Open a page and wait until it has loaded."""
        self.call("WebDriver:Navigate", url=url)

    def back(self) -> None:
        """Go back by the browser's own button."""
        self.call("WebDriver:Back")

    def js(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self.call("WebDriver:ExecuteScript", script=f"return {expression}", args=[])

    def until(self, expression: str, seconds: float = 30.0) -> None:
        """Wait until an expression is true."""
        self.wait(lambda: bool(self.js(expression)), expression, seconds)

    def wait(self, condition: Callable[[], bool], what: str = "", seconds: float = 30.0) -> None:
        """Wait until something has come true."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
            time.sleep(0.05)

    def click(self, element: str) -> None:
        """Click into the middle of what an expression gives, with a mouse."""
        box = f"(({element}).scrollIntoView({{block: 'nearest'}}), ({element}).getBoundingClientRect().toJSON())"
        found = self.js(box)
        x, y = (round(found[low] + found[size] / 2) for low, size in (("x", "width"), ("y", "height")))
        moved = {"type": "pointerMove", "x": x, "y": y, "duration": 0, "origin": "viewport"}
        presses = [{"type": f"pointer{which}", "button": 0} for which in ("Down", "Up")]
        self._act(
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}, [moved, *presses]
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a text is typed."""
        strokes = [stroke for key in keys for stroke in ([KEYS[key]] if key in KEYS else list(key))]
        self._act(
            {"type": "key", "id": "keyboard"},
            [{"type": which, "value": stroke} for stroke in strokes for which in ("keyDown", "keyUp")],
        )

    def _act(self, device: dict[str, object], actions: list[dict[str, object]]) -> None:
        self.call("WebDriver:PerformActions", actions=[{**device, "actions": actions}])
