"""Takes out of a picture what was never meant to be published: where and when it was made, by whose phone, notes.

A JPEG loses APP1 to APP15 (but colours and which way is up) and comments, a PNG its texts, both what hangs on behind
their end. Every pixel stays. A PDF is left as it is. Formats: ITU-T T.81 (annex B), Exif 2.3 (4.6.4), PNG (11.3).
"""

import re
from typing import Literal

from conversations.files import JPEG, PNG, SEGMENTS, look

CHUNKS = 20_000  # of a PNG, likewise
EXIF, COLOURS = b"Exif\0\0", b"ICC_PROFILE\0"
FIRST, EXIF_AT, COLOURS_AT, ADOBE, COMMENT, SCAN, END = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xDA, 0xD9
ORIENTATION = 0x0112
TEXTS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def stripped(data: bytes) -> bytes:
    """Give a picture without what it tells besides its pixels; other files as they are; b"" for a broken one."""
    kind = look(data).kind
    if kind == JPEG:
        return _jpeg(data)
    return _png(data) if kind == PNG else data


def _jpeg(data: bytes) -> bytes:
    kept, at = bytearray(data[:2]), 2
    for _ in range(SEGMENTS):
        marker, size = data[at + 1 : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 1] != b"\xff" or not marker:
            break
        if marker[0] == END:
            return bytes(kept + data[at : at + 2])
        end = at + 2 + size
        if size < 2 or end > len(data):
            break
        if marker[0] == SCAN:
            following = _MARKER.search(data, end)
            end = following.start() if following else len(data)
        kept += _told(marker[0], data[at:end])
        if end == len(data):  # cut short: as much of it as there is
            return bytes(kept)
        at = end
    return b""


def _told(marker: int, segment: bytes) -> bytes:
    """What stays of a segment."""
    content = segment[4:]
    if marker == EXIF_AT and content.startswith(EXIF):
        return _upright(content.removeprefix(EXIF))
    own = FIRST < marker <= FIRST + 15 or marker == COMMENT
    needed = marker == ADOBE or (marker == COLOURS_AT and content.startswith(COLOURS))
    return b"" if own and not needed else segment


def _upright(tiff: bytes) -> bytes:
    """Which way is up, alone; nothing where the picture stands as it lies."""
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    entries = (first + 2 + 12 * index for index in range(min(number(first, 2), 100)))
    way = next((number(at + 8, 2) for at in entries if number(at, 2) == ORIENTATION), 1)
    if not 2 <= way <= 8:
        return b""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + way.to_bytes(2, "big") + b"\0\0"
    whole = EXIF + b"MM\0*\0\0\0\x08" + b"\0\x01" + entry + bytes(4)
    return b"\xff\xe1" + (len(whole) + 2).to_bytes(2, "big") + whole


def _png(data: bytes) -> bytes:
    kept, at = bytearray(data[:8]), 8
    for _ in range(CHUNKS):
        end, name = at + 12 + int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name not in TEXTS:
            kept += data[at:end]
        if name == b"IEND" or end >= len(data):
            return bytes(kept)
        at = end
    return b""
