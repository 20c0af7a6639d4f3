"""Messages into a chat by its incoming webhook: one file per chat, with a pure ``payload`` of a ``Note``.

Whatever people typed goes in as plain text, or escaped: a title mentions nobody, links nowhere and formats nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from collector.webhooks.chat import mattermost, slack, teams
from collector.webhooks.chat.note import KINDS, Names, Note, is_said, note

PAYLOADS: Mapping[str, Callable[[Note], dict[str, Any]]] = {
    "slack": slack.payload,
    "teams": teams.payload,
    "mattermost": mattermost.payload,
}
"""How the message of each chat is made."""

__all__ = ["KINDS", "PAYLOADS", "Names", "Note", "is_said", "note"]
