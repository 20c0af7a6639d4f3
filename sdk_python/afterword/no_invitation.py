"""The invitation of a call that triggered nothing: it may be used like any other, and shows nothing."""

from __future__ import annotations

from .invitation import Invitation


class NoInvitation(Invitation):
    """Its HTML is empty and its link leads to the collector's front door; false, where a host wants to ask."""

    __slots__ = ()

    def __init__(self, collector_url: str) -> None:
        super().__init__("", "", None, 0, collector_url, "")

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> tuple[object, ...]:
        return NoInvitation, (self._collector_url,)

    @property
    def url(self) -> str:
        """The collector's own address: there is no page for nothing."""
        return self._collector_url

    def widget_tag(self, **_: object) -> str:
        """Return nothing."""
        return ""

    def email_html(self, **_: object) -> str:
        """Return nothing."""
        return ""

    def qr_svg(self, **_: object) -> str:
        """Return nothing."""
        return ""
