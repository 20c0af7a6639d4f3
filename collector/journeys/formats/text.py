"""The text of a foreign file: UTF-8 of a bounded size, without characters that no database can hold."""

from __future__ import annotations

import re

from collector.yaml_marks import MAX_BYTES, FileError, Problem

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def decoded(text: str | bytes, filename: str) -> str:
    """The text with its line ends made plain; raises FileError with the line of what is no text."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise FileError([Problem(filename, 1, 1, "", "too_large", f"larger than {MAX_BYTES:,} bytes")])
    try:
        plain = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError([Problem(filename, line, 1, "", "not_utf8", "not UTF-8; save it as UTF-8")]) from None
    if bad := CONTROL.search(plain):
        line = plain.count("\n", 0, bad.start()) + 1
        message = f"contains the control character U+{ord(bad.group()):04X}"
        raise FileError([Problem(filename, line, 1, "", "control_character", message)])
    return plain.replace("\r\n", "\n").replace("\r", "\n")
