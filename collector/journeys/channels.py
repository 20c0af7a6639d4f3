"""The channels: the media through which a touchpoint reaches a customer. A new one is a line here.

``name`` is what pages call it, in English, for the catalogues; ``elsewhere`` what CJML calls it; ``words`` are those
by which a foreign file may mean it; ``served`` by whom customers are served there: by themselves (``self``), by ``people``,
or by nobody, as where they are merely told something.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """One medium."""

    key: str
    name: str
    elsewhere: str
    words: tuple[str, ...]
    served: str = ""


def _(message: str) -> str:
    """Mark a text for the catalogues."""
    return message


_ALL = (
    Channel("web", _("Website"), "Website",
            ("website", "web site", "webpage", "online", "browser", "internet", "portal"), "self"),
    Channel("app", _("App"), "Mobile app", ("mobile app", "mobileapp", "mobile", "smartphone"), "self"),
    Channel("email", _("E-mail"), "E-mail", ("e-mail", "mail", "newsletter")),
    Channel("sms", _("Text message"), "SMS", ("text message", "text")),
    Channel("phone", _("Phone"), "Phone",
            ("telephone", "call", "hotline", "call centre", "call center", "telefon"), "people"),
    Channel("social", _("Social media"), "Social media", ("social media", "facebook", "instagram", "linkedin"), "people"),
    Channel("chat", _("Chat"), "Chat", ("live chat", "chatbot", "messenger", "whatsapp")),
    Channel("in_person", _("In person"), "Face-to-face",
            ("in person", "inperson", "face to face", "face-to-face", "person", "shop", "store", "branch",
             "persönlich"), "people"),
    Channel("kiosk", _("Kiosk"), "Self-service kiosk", ("self-service kiosk", "terminal", "ticket machine"), "self"),
    Channel("letter", _("Letter"), "Letter", ("post", "postal mail", "paper", "brief")),
)  # fmt: skip

BY_KEY: dict[str, Channel] = {channel.key: channel for channel in _ALL}
"""By key, in the order in which pages offer them."""

BY_WORD = {word: channel.key for channel in _ALL for word in (channel.key, *channel.words)}
"""The channel that a word of a foreign file means."""
