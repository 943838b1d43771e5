"""Copies of the embedded database. The keys are never in one: what was pending at the time stays sealed in it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

LOGS = ("-wal", "-journal")  # one that stayed behind would be played into the copy


class BadCopy(Exception):
    """The file is no copy that can be used, or would overwrite something; one line for the operator."""


def database_file(url: str) -> Path:
    """The file of an embedded database. Raises BadCopy for another kind, which has tools of its own."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite+aiosqlite":
        raise BadCopy("this database is PostgreSQL: copy it with pg_dump and pg_restore")
    return Path(path)


def back_up(database: Path, file: Path) -> None:
    """Write a whole, checked copy beside a running house. Raises BadCopy; a half-written one never has the name."""
    if file.exists():
        raise BadCopy(f"{file} exists already")
    if not database.exists():
        raise BadCopy(f"there is no database at {database}")
    half = file.with_name(f".{file.name}.copying")
    try:
        _make(half)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source:
            source.execute("PRAGMA temp_store=MEMORY")
            source.execute("VACUUM INTO ?", (str(half),))
        check(half)
        _settle(half, file)
    except (sqlite3.Error, OSError, BadCopy) as error:
        half.unlink(missing_ok=True)
        raise BadCopy(f"the copy could not be made ({error})") from None


def _make(file: Path) -> None:
    """Make an empty file for its owner alone, in the place of what a crash left."""
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _settle(half: Path, file: Path) -> None:
    """Give a whole file its name once it is on the disk."""
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(file)


def check(file: Path) -> None:
    """Make sure that a file is a whole database of this product. Raises BadCopy."""
    if not file.is_file():
        raise BadCopy(f"there is no file {file}")
    copy = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        ours = copy.execute("SELECT count(*) FROM alembic_version").fetchone()[0] == 1
    except sqlite3.Error as error:
        raise BadCopy(f"{file} is not a copy of this product's database ({error})") from None
    finally:
        copy.close()
    if not (sound and ours):
        raise BadCopy(f"{file} is damaged")


def restore(file: Path, database: Path) -> None:
    """Put a copy where the database was not. Raises BadCopy where anything of one is: it must be moved away first."""
    logs = [database.with_name(database.name + log) for log in LOGS]
    for there in (database, *(log for log in logs if log.exists() and log.stat().st_size)):
        if there.exists():
            raise BadCopy(f"{there} exists: stop the house and move it away first")
    check(file)
    half = database.with_name(f".{database.name}.restoring")
    try:
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(half)
        shutil.copyfile(file, half)
        _settle(half, database)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise BadCopy(f"the copy could not be put back ({error})") from None
