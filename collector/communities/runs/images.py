"""A picture as it was uploaded, made fit to be shown to customers: PNG, JPEG or WebP, of a size that browsers bear.

Nothing is decoded here: the parts of the file are walked through, and only those that make the picture are kept. What a
camera or an editor wrote beside it (place, owner, comments) goes, and so does all that stands behind its end. Which way up
a photo is meant stays.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from collector import errors
from collector.communities.runs import upright

LARGEST = 1_900_000
"""The most bytes; a form that carries them still fits into a request."""
SHORTEST_SIDE, LONGEST_SIDE, MOST_PIXELS = 40, 8_000, 16_000_000
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}  # fmt: skip
WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"}
JPEG_KEPT = {0xE0, 0xE2, 0xEE}
"""Of the application's parts: how it was written (JFIF), its colour profile, and how its colours are meant (Adobe)."""
EXIF, JFIF = 0xE1, b"\xff\xe0"
JPEG_END, JPEG_WITHIN = b"\xff\xd9", {0, *range(0xD0, 0xD8), 0xFF}
JPEG_SIZES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ANIMATED, WITH_EXIF, WITH_XMP = 0x02, 0x08, 0x04


@dataclass(frozen=True)
class Image:
    """A picture as browsers get it; width and height as they show it."""

    media_type: str
    width: int
    height: int
    content: bytes


class _Broken(Exception):
    """The file is not what its first bytes say."""


def read(raw: bytes) -> Image:
    """The picture in a file; raises 422 ``bad_picture`` with what to do."""
    if not raw:
        raise _refuse("Choose a picture first: PNG, JPEG or WebP.")
    if len(raw) > LARGEST:
        raise _refuse("The picture is too large: at most 1.9 MB. Save it smaller, or as WebP.")
    try:
        image = _read(raw)
    except (_Broken, IndexError):
        raise _refuse("The file is damaged: it does not hold the picture that it begins with.") from None
    shortest, longest = sorted((image.width, image.height))
    if shortest < SHORTEST_SIDE or longest > LONGEST_SIDE or image.width * image.height > MOST_PIXELS:
        raise _refuse(
            "The picture must be 40 to 8000 pixels wide and high, and hold at most 16 million of them."
        )
    return image


def _read(raw: bytes) -> Image:
    if raw.startswith(PNG):
        return _png(raw)
    if raw.startswith(JPEG):
        return _jpeg(raw)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return _webp(raw)
    raise _refuse("The file is no PNG, JPEG or WebP picture. Save it as one of these; SVG is not taken.")


def _png(raw: bytes) -> Image:
    kept = [(kind, body) for kind, body in _png_parts(raw) if kind in PNG_KEPT]
    kinds = [kind for kind, _ in kept]
    head = kept[0][1] if kept else b""
    if not kept or kinds[0] != b"IHDR" or len(head) != 13 or kinds.count(b"IHDR") != 1:
        raise _Broken
    if b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise _Broken
    content = PNG + b"".join(_png_part(kind, body) for kind, body in kept)
    return Image("image/png", _number(head[:4], "big"), _number(head[4:8], "big"), content)


def _png_parts(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at < len(raw):
        length, kind = _number(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        body, check = raw[at + 8 : at + 8 + length], raw[at + 8 + length : at + 12 + length]
        if len(check) != 4 or zlib.crc32(kind + body) != _number(check, "big"):
            raise _Broken
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length
    raise _Broken


def _png_part(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _jpeg(raw: bytes) -> Image:
    kept, size, at, turn = list[bytes](), (0, 0), 2, upright.UPRIGHT
    while raw[at : at + 2] != JPEG_END:
        if raw[at] != 0xFF:
            raise _Broken
        marker = raw[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        length = _number(raw[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(raw):
            raise _Broken
        if marker in JPEG_SIZES:
            size = (_number(raw[at + 7 : at + 9], "big"), _number(raw[at + 5 : at + 7], "big"))
        end = _scan_end(raw, end) if marker == 0xDA else end
        if marker == EXIF and turn == upright.UPRIGHT:
            turn = upright.orientation(raw[at + 4 : end])
        if not (marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in JPEG_KEPT)):
            kept.append(raw[at:end])
        at = end
    size = size[::-1] if turn in upright.TURNED else size
    beginning = 1 if kept and kept[0][:2] == JFIF else 0  # which must come first, where it is
    kept.insert(beginning, upright.part(turn))
    return Image("image/jpeg", *size, b"".join([raw[:2], *kept, JPEG_END]))


def _scan_end(raw: bytes, at: int) -> int:
    """Where a scan ends: at the next marker, which is no restart and no 0xFF of the picture itself (a 0 stands behind it)."""
    while (at := raw.find(b"\xff", at)) >= 0:
        if raw[at + 1] not in JPEG_WITHIN:
            return at
        at += 1
    raise _Broken


def _webp(raw: bytes) -> Image:
    kept = [(kind, body) for kind, body in _webp_parts(raw) if kind in WEBP_KEPT]
    sizes = [size for kind, body in kept if (size := _webp_size(kind, body))]
    if not {b"VP8 ", b"VP8L"} & {kind for kind, _ in kept} or len(set(sizes)) != 1:
        raise _Broken
    whole = b"WEBP" + b"".join(_webp_part(kind, _still(kind, body)) for kind, body in kept)
    return Image("image/webp", *sizes[0], b"RIFF" + len(whole).to_bytes(4, "little") + whole)


def _webp_parts(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + _number(raw[4:8], "little")
    if end > len(raw):
        raise _Broken
    while at + 8 <= end:
        length = _number(raw[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise _Broken
        yield raw[at : at + 4], raw[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    if kind == b"VP8X":
        return _number(body[4:7], "little") + 1, _number(body[7:10], "little") + 1
    if kind == b"VP8 ":
        if body[3:6] != b"\x9d\x01\x2a":
            raise _Broken
        return _number(body[6:8], "little") & 0x3FFF, _number(body[8:10], "little") & 0x3FFF
    if kind == b"VP8L":
        if body[:1] != b"\x2f":
            raise _Broken
        bits = _number(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _still(kind: bytes, body: bytes) -> bytes:
    """The part without the promise of what was left out; one that moves is refused."""
    if kind != b"VP8X":
        return body
    if body[0] & ANIMATED:
        raise _refuse("The picture moves; save one that stands still.")
    return bytes([body[0] & ~(WITH_EXIF | WITH_XMP)]) + body[1:]


def _webp_part(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _number(part: bytes, order: str) -> int:
    return int.from_bytes(part, "big" if order == "big" else "little")


def _refuse(sentence: str) -> errors.BadInput:
    return errors.BadInput(sentence, "bad_picture", {"picture": ["is not taken"]})
