"""Which way up a photo is meant: a camera writes its pixels as they lay on the chip, and beside them how to turn them.

All else that it writes there goes. Without this one number a photo taken with the phone upright would lie on its side. See
Exif 2.32, 4.6.4 A (orientation), and TIFF 6.0, section 2.
"""

from __future__ import annotations

import struct

START = b"Exif\0\0"
ORIENTATION, SHORT = 0x0112, 3
UPRIGHT, TURNED = 1, range(5, 9)
"""As it lies; a quarter turned, so that its height is the width of what is stored."""
ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation(exif: bytes) -> int:
    """The orientation (1 to 8) that a JPEG's Exif part tells, given without its marker and length; 1 where it tells none."""
    tiff = exif.removeprefix(START)
    order = ORDERS.get(tiff[:4])
    if tiff == exif or order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for number in range(count):
            tag, kind, values, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if (kind, values) == (SHORT, 1) and 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass  # it ends before what it promises: of such a part nothing is believed
    return UPRIGHT


def part(orientation: int) -> bytes:
    """The part of a JPEG file that tells its orientation and nothing else, with its marker and length; none for 1."""
    if orientation == UPRIGHT:
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, SHORT, 1, orientation, 0)
    body = START + b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
