"""One person's record of one questionnaire, in the open and sealed. Knows no table; refuses what does not fit.

Sealed records have one of a few sizes, so that their length tells nothing of what was said.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from models.keys import NONCE_BYTES, TAG_BYTES, Keys, Steady

LENGTH_BYTES = 4
# The smallest size keeps a sealed row inside one page of SQLite (1,002 bytes of a row stay there); 1 KiB would not.
SIZES = (896, *(size * 1024 for size in (4, 16, 64, 256)))
SEALED_SIZES = tuple(NONCE_BYTES + size + TAG_BYTES for size in SIZES)


class TooLong(ValueError):
    """A record larger than the largest size that is kept."""


class Slip(NamedTuple):
    """One person's record of one questionnaire, in the open: the bytes that the conversation made of it."""

    person_id: int
    questionnaire: str
    record: bytes


def seal(keys: Keys, period: str, slip: Slip) -> bytes:
    """Seal a slip under a period's key, bound to its person and questionnaire. Raises TooLong and KeyDestroyed."""
    return keys.seal(period, padded(slip.record), _bound(slip.person_id, slip.questionnaire))


def unseal(keys: Keys | Steady, row: Iterable[Any]) -> Slip:
    """Open a row (person, questionnaire, period, sealed). Raises KeyLost."""
    person_id, questionnaire, period, sealed = row
    filled = keys.unseal(period, sealed, _bound(person_id, questionnaire))
    length = int.from_bytes(filled[:LENGTH_BYTES], "big")
    return Slip(person_id, questionnaire, filled[LENGTH_BYTES : LENGTH_BYTES + length])


def padded(record: bytes) -> bytes:
    """Fill a record up to the next of the fixed sizes. Raises TooLong above the last one."""
    needed = LENGTH_BYTES + len(record)
    for size in SIZES:
        if needed <= size:
            return len(record).to_bytes(LENGTH_BYTES, "big") + record + bytes(size - needed)
    raise TooLong(f"a record of {len(record)} bytes is larger than {SIZES[-1]}")


def _bound(person_id: int, questionnaire: str) -> bytes:
    return f"pending:{person_id}:{questionnaire}".encode()
