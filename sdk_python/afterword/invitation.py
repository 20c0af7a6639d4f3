"""The invitation: usable as soon as `trigger_survey()` returns, whether the collector is up or down."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable

from .errors import ConfigurationError

if TYPE_CHECKING:
    from .markup import Kind, Mode

_BEFORE_MOVE = re.compile(r"([^\n]{300,400})(?=m)")
"""Where a long path may be broken: a line break before a command is white space to SVG."""


class Invitation:
    """A signed invitation to one survey.

    `id` is the same each time the same transaction triggers at the same touchpoint; `trigger_id` is new each time.
    """

    __slots__ = ("_collector_url", "_expires", "_token", "id", "locale", "trigger_id")

    id: str
    trigger_id: str
    locale: str | None

    def __init__(
        self,
        invitation_id: str,
        trigger_id: str,
        locale: str | None,
        expires: int,
        collector_url: str,
        token: str | Callable[[], str],
    ) -> None:
        self.id = invitation_id
        self.trigger_id = trigger_id
        self.locale = locale
        self._expires = expires
        self._collector_url = collector_url
        self._token = token

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the token, never the key that makes it."""
        return Invitation, (
            self.id, self.trigger_id, self.locale, self._expires, self._collector_url, self.token,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Invitation(id={self.id!r}, expires_at={self.expires_at.isoformat()!r})"

    @property
    def token(self) -> str:
        """The signed token: made when first asked for, so that an order flow that shows no link does not pay for one."""
        if not isinstance(self._token, str):
            self._token = self._token()
        return self._token

    @property
    def url(self) -> str:
        """The link to the hosted page, for mails, messages and QR codes."""
        return f"{self._collector_url}/s/{self.token}"

    @property
    def expires_at(self) -> datetime:
        """When the link ends, in UTC."""
        return datetime.fromtimestamp(self._expires, timezone.utc)

    def widget_tag(
        self, *, mode: Mode | None = None, nonce: str | None = None, integrity: bool = False
    ) -> str:
        """Return the HTML that shows the survey in a page.

        `nonce` is for a strict Content-Security-Policy; `integrity` has the browser check the script by its hash.
        """
        from . import markup

        tag = markup.widget_tag(
            self._collector_url, "token", self.token, mode=mode, nonce=nonce, integrity=integrity
        )
        return tag + markup.noscript_link(self.url, self.locale)

    def email_html(self, *, kind: Kind = "nps", subject: str | None = None, locale: str | None = None) -> str:
        """Return a question with one link per score for an HTML mail; a GET alone never records an answer.

        `kind` is `nps`, `csat` or `ces` and must be that of the survey; `subject` is what is asked about.
        """
        from . import markup

        return markup.score_line(self.url, kind, subject, locale or self.locale)

    def qr_svg(self, *, scale: int = 4) -> str:
        """Return the link as an SVG QR code; needs `segno` (`pip install "afterword-sdk[qr]"`)."""
        try:
            import segno
        except ImportError as missing:
            raise ConfigurationError(
                'qr_svg() needs segno: pip install "afterword-sdk[qr]"', code="segno_missing"
            ) from missing
        code: Any = segno.make(self.url, error="m", micro=False)
        drawing = str(code.svg_inline(scale=scale, title=self.url))
        return _BEFORE_MOVE.sub(r"\1\n", drawing)
