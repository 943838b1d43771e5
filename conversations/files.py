"""What a picture or a file is, told by its first bytes alone: a name or a platform may say anything."""

from dataclasses import dataclass

PNG, JPEG, PDF = "image/png", "image/jpeg", "application/pdf"
MOST_BYTES = 5 * 1024 * 1024  # what a Zalo Official Account takes of a file; Telegram takes more
LEAST_SIDE, MOST_SIDE = 64, 5000  # pixels; width and height together over 10,000 are refused by Telegram
SEGMENTS = 2000  # of a JPEG: more than any camera writes
MOST_RATIO = 20  # Telegram refuses pictures longer than that


@dataclass(frozen=True, slots=True)
class Seen:
    """What some bytes are: a MIME type ("" for none that a post can carry), and the size of a picture in pixels."""

    kind: str
    width: int = 0
    height: int = 0

    @property
    def fits(self) -> bool:
        """Whether every platform would take it: a PDF, or a picture of a sane size."""
        if self.kind == PDF:
            return True
        short, long = sorted((self.width, self.height))
        return bool(self.kind) and short >= LEAST_SIDE and long <= MOST_SIDE and long <= short * MOST_RATIO


def look(data: bytes) -> Seen:
    """Tell what bytes are. Reads headers only; a picture cut short is found out by whoever draws it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return Seen(PNG, int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    return Seen(PDF) if data.startswith(b"%PDF-") else Seen("")


def _jpeg(data: bytes) -> Seen:
    """Walk the segments to the frame header (SOF0 to SOF15 without DHT, JPG and DAC: ITU-T T.81, table B.1)."""
    at = 2
    for _ in range(SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            break
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return Seen(
                JPEG, int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
            )
        at += 2 + max(length, 2)
    return Seen("")
