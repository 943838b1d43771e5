"""Cutting a long plain text where a reader would: at paragraphs, else lines, else words, else anywhere."""

BREAKS = ("\n\n", "\n", " ")


def utf16(text: str) -> int:
    """Count UTF-16 units, the strictest reading of every platform's "characters" (an emoji is two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str, limit: int) -> list[str]:
    """Cut `text` into pieces of at most `limit` UTF-16 units; nothing is lost but the white space at the cuts."""
    pieces: list[str] = []
    rest = text.strip()
    while utf16(rest) > limit:
        head = _head(rest, limit)
        pieces.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def _head(text: str, limit: int) -> str:
    fits = _fitting(text, limit)
    for mark in BREAKS:
        at = fits.rfind(mark)
        if at > len(fits) // 3:
            return fits[:at]
    return fits


def _fitting(text: str, limit: int) -> str:
    end, units = 0, 0
    for letter in text:
        units += 2 if letter > "\uffff" else 1
        if units > limit:
            break
        end += 1
    return text[:end]
