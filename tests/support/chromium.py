"""Chromium by Playwright as a window like the others': the same test may drive all three engines."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.support.window import KEYS, Window

NAMES = {stroke: name for name, stroke in KEYS.items() if name != "Space"}


class Chromium(Window):
    """One window of it."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page(viewport={"width": 1024, "height": 800})

    def call(self, command: str, **told: Any) -> Any:
        """Have one of the commands carried out that the other browsers take."""
        match command.removeprefix("WebDriver:"):
            case "Navigate":
                self._page.goto(told["url"])
            case "Back":
                self._page.go_back()
            case "SetWindowRect":
                self._page.set_viewport_size({"width": told["width"], "height": told["height"]})
            case "ExecuteScript":
                return self._page.evaluate(f"async () => {{ {told['script']} }}")
            case "PerformActions":
                for action in (each for device in told["actions"] for each in device["actions"]):
                    self._act_once(action)
            case other:
                raise NotImplementedError(other)
        return None

    def _act_once(self, action: dict[str, Any]) -> None:
        keys, mouse = self._page.keyboard, self._page.mouse
        match action["type"]:
            case "pointerMove":
                mouse.move(action["x"], action["y"])
            case "pointerDown":
                mouse.down()
            case "pointerUp":
                mouse.up()
            case "keyDown":
                keys.down(NAMES.get(action["value"], action["value"]))
            case "keyUp":
                keys.up(NAMES.get(action["value"], action["value"]))
