"""Slack: Block Kit by incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

People's words stand in ``plain_text``, which knows no markup; the fallback is escaped as
https://docs.slack.dev/messaging/formatting-message-text says.
"""

from __future__ import annotations

from typing import Any

from collector.webhooks.chat.note import Note


def payload(note: Note) -> dict[str, Any]:
    """The message as Slack takes it."""
    words = [_plain(f"{label}\n{value}"[:2000]) for label, value in note.facts]
    blocks = [
        {"type": "header", "text": _plain(note.happened[:150])},
        {
            "type": "section",
            "text": _plain(note.title or note.happened),
            **({"fields": words} if words else {}),
        },
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": f"<{escaped(note.link)}|{escaped(note.link_words)}>"},
        },
    ]
    return {"text": escaped(f"{note.happened}: {note.title}"), "blocks": blocks}


def escaped(text: str) -> str:
    """A text that mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
