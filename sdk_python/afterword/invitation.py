"""The invitation: usable as soon as `trigger_survey()` returns, whether the collector is up or down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import markup
from .errors import ConfigurationError


@dataclass(frozen=True)
class Invitation:
    """A signed invitation to one survey.

    `id` is the same each time the same transaction triggers at the same touchpoint; `trigger_id` is new each time.
    """

    id: str
    trigger_id: str
    token: str
    url: str
    expires_at: datetime
    locale: str | None
    collector_url: str

    def widget_tag(self, *, mode: str | None = None, nonce: str | None = None) -> str:
        """Return the HTML that shows the survey in a page; `nonce` is for a strict Content-Security-Policy."""
        tag = markup.widget_tag(self.collector_url, "token", self.token, mode=mode, nonce=nonce)
        return tag + markup.noscript_link(self.url, self.locale)

    def email_html(self, *, kind: str = "nps", subject: str | None = None, locale: str | None = None) -> str:
        """Return a question with one link per score for an HTML mail; a GET alone never records an answer.

        `kind` is `nps`, `csat` or `ces` and must be that of the survey; `subject` is what is asked about.
        """
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
        return str(code.svg_inline(scale=scale, title=self.url))
