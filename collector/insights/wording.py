"""What the states of an insight are called, for pages and mails alike."""

from __future__ import annotations

from collections.abc import Callable


def state(key: str, gettext: Callable[[str], str]) -> str:
    """A state in the reader's language; ``gettext`` says it."""
    names = {
        "new": gettext("new"),
        "accepted": gettext("accepted"),
        "working": gettext("being worked on"),
        "done": gettext("done"),
        "checked": gettext("checked"),
        "declined": gettext("declined"),
    }
    return names.get(key, key)
