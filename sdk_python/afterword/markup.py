"""HTML that a host puts into its page or mail. Everything that comes from outside is escaped here.

Handed out in short lines: RFC 5322 allows a mail 998 bytes per line, and most Python code sends HTML as it is.
"""

from __future__ import annotations

from html import escape
from typing import Literal
from urllib.parse import quote

from .errors import InvalidArgument
from .words import LINES, LINK, RIGHT_TO_LEFT, SCALES, language

Mode = Literal["inline", "popover", "sheet", "tab"]
Kind = Literal["nps", "csat", "ces"]

_MODES = ("inline", "popover", "sheet", "tab")
_LINE_BYTES = 400
"""Far below the 998 bytes at which mail servers break a line, in the middle of whatever stands there."""

_CELL = (
    "display:inline-block;width:28px;padding:7px 0;border:1px solid #767676;border-radius:4px;"
    "color:#1a1a1a;background:#ffffff;font:14px Arial,sans-serif;text-align:center;text-decoration:none"
)
_SMALL = "font:12px Arial,sans-serif;color:#595959;padding:0 0 4px 0"


def widget_tag(
    base: str, attribute: str, token: str, *, mode: str | None, nonce: str | None, integrity: bool = False
) -> str:
    """Return the script and the element that show a survey; `attribute` is `token` or `customer`.

    A page that asks whether anything is pending, or has a feedback button, takes the asking part, which fetches the rest. With
    `integrity` the script is the build that this SDK was released with, at its own address, checked by its hash.
    """
    if mode is not None and mode not in _MODES:
        raise InvalidArgument(f"mode must be one of {', '.join(_MODES)}", code="bad_mode")
    script_nonce = f' nonce="{escape(nonce)}"' if nonce else ""
    name, check = ("v1.ask" if attribute == "customer" or mode == "tab" else "v1"), ""
    if integrity:
        from .widget_build import INTEGRITY, STAMP

        name, check = f"v1.{STAMP}", f' integrity="{INTEGRITY}" crossorigin="anonymous"'
    element_mode = f' mode="{mode}"' if mode else ""
    return (
        f'<script src="{escape(base)}/widget/{name}.js"{check} async{script_nonce}></script>'
        f'<afterword-survey {attribute}="{escape(token)}"{element_mode}></afterword-survey>'
    )


def noscript_link(page: str, locale: str | None) -> str:
    """Return the link that stands in for the widget where there is no script."""
    spoken = language(locale)
    return f'\n<noscript><a href="{escape(page)}" lang="{spoken}">{escape(LINK[spoken])}</a></noscript>'


def score_line(page: str, kind: str, subject: str | None, locale: str | None) -> str:
    """Return a question and its scores as a table that mail clients draw; each score is a link to `page`.

    Following a link records nothing: the page shows the score chosen and asks for one more touch, so that
    mail scanners, which open every link, leave no answer.
    """
    if kind not in SCALES:
        raise InvalidArgument(f"kind must be one of {', '.join(SCALES)}", code="bad_kind")
    spoken = language(locale)
    line = LINES[kind][spoken]
    low, high = SCALES[kind]
    width = high - low + 1
    direction, start, end = ("rtl", "right", "left") if spoken in RIGHT_TO_LEFT else ("ltr", "left", "right")
    near, far = (width + 1) // 2, width // 2
    cells = "\n".join(_score_cell(page, score) for score in range(low, high + 1))
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0" lang="{spoken}" dir="{direction}">\n'
        f'<tr><td colspan="{width}" align="{start}" style="font:16px Arial,sans-serif;color:#1a1a1a;padding:0 0 10px 0">\n'
        f"{_folded(escape(line.question(subject)))}</td></tr>\n"
        f'<tr><td colspan="{near}" align="{start}" style="{_SMALL}">{escape(line.low)}</td>\n'
        f'<td colspan="{far}" align="{end}" style="{_SMALL}">{escape(line.high)}</td></tr>\n'
        f"<tr>{cells}</tr></table>\n"
    )


def _folded(text: str) -> str:
    """Break a long sentence between words: HTML reads the break as the space it was."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(f"{lines[-1]} {word}".encode()) > _LINE_BYTES:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


def _score_cell(page: str, score: int) -> str:
    address = escape(f"{page}?score={quote(str(score))}")
    return f'<td align="center" style="padding:0 2px"><a\nhref="{address}"\nstyle="{_CELL}">{score}</a></td>'
