"""What a picture tells besides its pixels is taken out: places, moments, phones, notes, what hangs on at its end."""

import struct
import zlib

import pytest

from conversations.files import JPEG, look
from conversations.stripping import stripped

SECRET = b"21.3270N 103.9141E"


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def exif(order: str, way: int) -> bytes:
    """Three entries: the maker, which way is up, and a pointer to where the place stands."""
    entries = [
        (0x010F, 2, 4, b"Cam\0"),
        (0x0112, 3, 1, struct.pack(order + "H", way) + b"\0\0"),
        (0x8825, 4, 1, b"\0\0\0\x40"),
    ]
    listed = b"".join(struct.pack(order + "HHI", *head) + value for *head, value in entries)
    start = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    return b"Exif\0\0" + start + struct.pack(order + "H", len(entries)) + listed + bytes(4) + SECRET


def jpeg(*about: bytes, trailer: bytes = b"") -> bytes:
    frame = segment(0xC2, b"\x08" + struct.pack(">HH", 300, 400) + b"\x01\x01\x11\0")
    scans = (segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56" for _ in range(2))
    tables = segment(0xC4, b"\xff\xd9 within a table")
    return b"\xff\xd8" + b"".join(about) + frame + tables + tables.join(scans) + b"\xff\xd9" + trailer


PLAIN = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0")
COLOURS, ADOBE = segment(0xE2, b"ICC_PROFILE\0\x01\x01 curve"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("way", [1, 6])
def test_a_photo_keeps_its_pixels_and_which_way_is_up_and_nothing_else(order: str, way: int) -> None:
    notes = (segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET), segment(0xED, SECRET), segment(0xFE, SECRET))
    taken = jpeg(PLAIN, segment(0xE1, exif(order, way)), COLOURS, ADOBE, *notes, trailer=b"film" + SECRET)
    bare = stripped(taken)
    assert SECRET not in bare
    assert b"Cam" not in bare
    upright = b"" if way == 1 else bare[bare.index(b"\xff\xe1") :][:36]
    assert (b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" in upright) == (way == 6)
    assert bare == jpeg(PLAIN, upright, COLOURS, ADOBE)
    assert look(bare) == look(taken)
    assert stripped(bare) == bare


def test_a_screenshot_loses_its_texts_and_what_hangs_on() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head, pixels, end = (
        chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0)),
        chunk(b"IDAT", b"x"),
        chunk(b"IEND", b""),
    )
    told = b"".join(chunk(name, SECRET) for name in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"))
    start = b"\x89PNG\r\n\x1a\n"
    assert stripped(start + head + told + pixels + end + SECRET) == start + head + pixels + end


def test_what_is_cut_short_stays_and_what_is_no_picture_is_left_alone() -> None:
    whole = jpeg(PLAIN)
    assert stripped(whole[:-4]) == whole[:-4]
    for other in (b"%PDF-1.7 " + SECRET, b"", b"\x89PNG\r\n\x1a\n"):
        assert stripped(other) == other


@pytest.mark.parametrize("rest", [b"\xff\xfe\0\x02" * 100_000, b"\xff\xfe\xff\xff", b"\0\0", b"\xff\xe1\0\0"])
def test_a_broken_photo_is_refused_at_once(rest: bytes) -> None:
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", 300, 400) + b"\x01")
    assert look(b"\xff\xd8" + frame + rest).kind == JPEG
    assert stripped(b"\xff\xd8" + frame + rest) == b""
    assert look(b"\xff\xd8" + b"\xff\xfe\0\x02" * 100_000 + frame).kind == ""
