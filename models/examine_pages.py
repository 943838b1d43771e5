"""Examines what the database keeps of erased rows beside its tables (G8): free pages, logs, dead row versions.

SQLite's file is read page by page, as its format says (https://www.sqlite.org/fileformat2.html, 1.5 and 4.1), with the
pages that are still in the write-ahead log in place of those in the file.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import BinaryIO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.finding import Finding, counted, judged

SAMPLE = 2000  # free pages that are looked at
WAL_HEADER, FRAME_HEADER = 32, 24
LOGGED = (
    "SELECT current_setting('log_statement') IN ('mod', 'all') OR current_setting('log_min_duration_statement') = '0'"
)
DEAD = "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables WHERE relname IN ('pending', 'participation')"


async def server(conn: AsyncConnection) -> list[Finding]:
    """PostgreSQL: the server writes no statements to its log; dead versions of rows are for its cleaner."""
    logged = (await conn.execute(text(LOGGED))).scalar_one()
    dead = int((await conn.execute(text(DEAD))).scalar_one())
    fault = "the server writes statements to its log, with their times (log_statement, log_min_duration_statement)"
    number = f"{dead // 1000:,},000" if dead >= 1000 else "fewer than 1,000"
    said = f"the server logs no statement; {number} dead row versions await its cleaner"
    return [judged(8, [fault if logged else ""], said)]


async def file(conn: AsyncConnection, database: Path, chance: Random) -> list[Finding]:
    """SQLite: pages that were given back are empty, and no rollback journal is left beside the file."""
    await conn.execute(text("SELECT count(*) FROM sqlite_master"))  # from here on no checkpoint overwrites a page
    journal = database.with_name(database.name + "-journal")
    log = database.with_name(database.name + "-wal")
    looked, full = free(database, chance)
    faults = [
        counted(full, f"of {looked:,} free pages looked at still hold what was erased"),
        "a rollback journal with old pages lies beside the database" if _size(journal) else "",
    ]
    said = f"{looked:,} free pages looked at are empty" if looked else "there is no free page"
    return [judged(8, faults, f"{said}, the write-ahead log holds {_size(log) / 2**20:.0f} MB")]


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def free(database: Path, chance: Random, most: int = SAMPLE) -> tuple[int, int]:
    """Look at free pages, at most so many drawn by lot; give how many were looked at, and how many are not empty."""
    log = database.with_name(database.name + "-wal")
    with database.open("rb") as body:
        pages = _Pages(body, log)
        found = list(_free(pages))
        drawn = chance.sample(found, most) if len(found) > most else found
        full = sum(any(pages.read(number)) for number in drawn)
        pages.close()
        return len(drawn), full


def _free(pages: "_Pages") -> Iterator[int]:
    """The leaves of the free list. Its trunks hold nothing but the numbers of the leaves."""
    (trunk,) = struct.unpack(">I", pages.read(1)[32:36])
    seen: set[int] = set()
    while trunk and trunk not in seen:
        seen.add(trunk)
        page = pages.read(trunk)
        trunk, leaves = struct.unpack(">II", page[:8])
        yield from struct.unpack(f">{leaves}I", page[8 : 8 + 4 * leaves])


class _Pages:
    """The pages of a database as of its last commit, wherever they are."""

    def __init__(self, body: BinaryIO, log: Path) -> None:
        self._body = body
        (size,) = struct.unpack(">H", body.read(18)[16:18])
        self._size = 65536 if size == 1 else size
        self._log = log.open("rb") if log.exists() else None
        self._places = self._index(self._log) if self._log else {}

    def _index(self, log: BinaryIO) -> dict[int, int]:
        """Where each page's last committed version is in the log. What an earlier round left has other salts."""
        header = log.read(WAL_HEADER)
        salts, at = header[16:24], WAL_HEADER
        committed: dict[int, int] = {}
        begun: dict[int, int] = {}
        while len(frame := log.read(FRAME_HEADER)) == FRAME_HEADER and frame[8:16] == salts:
            number, commit = struct.unpack(">II", frame[:8])
            begun[number] = at + FRAME_HEADER
            if commit:
                committed |= begun
                begun = {}
            at += FRAME_HEADER + self._size
            log.seek(at)
        return committed

    def read(self, number: int) -> bytes:
        """One page, counted from 1."""
        if self._log and number in self._places:
            self._log.seek(self._places[number])
            return self._log.read(self._size)
        self._body.seek((number - 1) * self._size)
        return self._body.read(self._size)

    def close(self) -> None:
        """Let go of the log."""
        if self._log:
            self._log.close()
