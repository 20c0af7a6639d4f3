"""The link as a QR code, for the telephone beside the screen."""

from __future__ import annotations

import segno


def qr_code(url: str) -> str:
    """An SVG without scripts or styles of its own; it takes the colour of the text around it."""
    code = segno.make(url, error="l", micro=False)
    return str(code.svg_inline(border=0, dark="currentColor", light=None, omitsize=True))
