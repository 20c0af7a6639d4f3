"""Printed codes: the fixed address of a survey's form, and its QR code as SVG."""

from __future__ import annotations

from urllib.parse import quote

import segno

LAYOUTS = {"poster": 1, "cards": 4, "labels": 18}
"""How many codes stand on an A4 sheet: one for a counter, four to cut out, eighteen for parcels."""


def form_address(url: str, publishable_key: str, touchpoint: str, language: str = "") -> str:
    """Where the code leads: the form for volunteered feedback of a touchpoint."""
    query = f"?lang={quote(language)}" if language else ""
    return f"{url}/f/{quote(publishable_key)}/{quote(touchpoint)}{query}"


def svg(address: str, title: str, level: str = "q") -> str:
    """The code as inline SVG, black on white with its quiet zone; a quarter of it may be lost or dirty (level Q).

    A member's own link is ten times as long as the fixed address of a form: level M keeps its code coarse enough to scan.
    """
    code = segno.make(address, error=level, micro=False, boost_error=False)
    return str(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", title=title, omitsize=True))
