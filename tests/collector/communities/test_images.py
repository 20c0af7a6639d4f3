"""Pictures as they reach customers: those of browsers are read, and nothing goes along that was written beside them."""

from __future__ import annotations

import base64
import struct

import pytest

from collector import errors
from collector.communities.runs import images

# 48 by 40 pixels, drawn for this test.
JPEG = base64.b64decode(
    """
/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA
ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1
AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP
KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/
2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCgu
v/////////////////////////////////////////////////////////////////////////wAARCAAoADADASIAAhEBAxEB/8QAFwABAQEB
AAAAAAAAAAAAAAAAAAQFA//EACIQAQAAAwgDAAAAAAAAAAAAAAADERQEEhMiQmOh4WGBwf/EABUBAQEAAAAAAAAAAAAAAAAAAAAB/8QAFREBAQ
AAAAAAAAAAAAAAAAAAABH/2gAMAwEAAhEDEQA/ALQZajUGWqsWv19IlVAIolo9zjtUAlo9zjt1gwcK9mnPw6gAAAAAAAAP/9k=
"""
)
WEBP = base64.b64decode(
    """
UklGRjYCAABXRUJQVlA4WAoAAAAgAAAALwAAJwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA
ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1
AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP
KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZW
UDggSAAAAJAEAJ0BKjAAKAA/cajKWrSsqKQuKAKQLgllANBUKd5UuYfEnAWKlPQLGURJQAD+53T8f/Wz//ibAdhq7Jh+zQBuaPS/eH6AAA==
"""
)

PLACE = b"Exif\0\0a camera's place"


def beside(marker: int, body: bytes = PLACE) -> bytes:
    """A part of a JPEG file that is no part of the picture."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize(("raw", "media_type"), [(JPEG, "image/jpeg"), (WEBP, "image/webp")])
def test_what_a_browser_wrote_is_read_and_stays_as_it_is(raw: bytes, media_type: str) -> None:
    image = images.read(raw)
    assert (image.media_type, image.width, image.height, image.content) == (media_type, 48, 40, raw)


@pytest.mark.parametrize(
    "raw",
    [
        JPEG[:2] + beside(0xE1) + JPEG[2:],
        JPEG[:2] + beside(0xFE, b"a camera's place") + JPEG[2:],
        JPEG + JPEG[:2] + beside(0xE1) + JPEG[2:],
        JPEG[:-2] + beside(0xE1) + JPEG[-2:],
        JPEG[:2] + b"\xff" + JPEG[2:] + PLACE,
    ],
    ids=["exif", "comment", "second-picture", "behind-the-scan", "behind-the-end"],
)
def test_what_a_camera_wrote_beside_a_jpeg_goes(raw: bytes) -> None:
    assert images.read(raw).content == JPEG


def exif(orientation: int, order: str = ">", kind: int = 3, at: int = 8, count: int = 2) -> bytes:
    """What a camera writes: where it was bought, and how it was held."""
    start = b"MM\0*" if order == ">" else b"II*\0"
    maker = struct.pack(order + "HHI4s", 0x010F, 2, 4, b"Cam\0")
    turned = struct.pack(order + "HHIHH", 0x0112, kind, 1, orientation, 0)
    return b"Exif\0\0" + start + struct.pack(order + "IH", at, count) + maker + turned + b"\0" * 4


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_shown_as_it_was_taken_and_tells_nothing_else(orientation: int, order: str) -> None:
    image = images.read(JPEG[:20] + beside(0xE1, exif(orientation, order)) + JPEG[20:])
    assert (image.width, image.height) == ((40, 48) if orientation >= 5 else (48, 40))
    assert b"Cam" not in image.content
    again = images.read(image.content)
    assert again == image
    assert len(image.content) == len(JPEG) + (0 if orientation == 1 else 36)


@pytest.mark.parametrize(
    "part",
    [exif(0), exif(9), exif(6, kind=4), exif(6, at=4000), exif(6, count=60_000)[:30], b"Exif\0\0??", b"http://ns.adobe.com/xap/1.0/\0"],
)  # fmt: skip
def test_what_tells_no_orientation_is_upright(part: bytes) -> None:
    assert images.read(JPEG[:2] + beside(0xE1, part) + JPEG[2:]).content == JPEG


def test_what_an_editor_wrote_beside_a_webp_goes() -> None:
    part = b"EXIF" + struct.pack("<I", len(PLACE)) + PLACE + b"\0" * (len(PLACE) % 2)
    raw = b"RIFF" + struct.pack("<I", len(WEBP) - 8 + len(part)) + WEBP[8:] + part
    assert images.read(raw).content == WEBP


@pytest.mark.parametrize("end", range(3, len(JPEG), 40))
def test_a_jpeg_that_is_cut_off_anywhere_is_refused(end: int) -> None:
    with pytest.raises(errors.BadInput, match=r"damaged|pixels"):
        images.read(JPEG[:end])
