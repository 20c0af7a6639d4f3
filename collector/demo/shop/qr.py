"""The link as a QR code, for the telephone beside the screen."""

from __future__ import annotations

import segno

DARK = "#123f42"


def qr_code(url: str) -> str:
    """An SVG without scripts or styles of its own, as large as the box it is put in."""
    code = segno.make(url, error="l", micro=False)
    return str(code.svg_inline(border=0, dark=DARK, light=None, omitsize=True))
