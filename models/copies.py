"""Copies of the embedded database. The keys are never in one: what was pending at the time stays sealed in it."""

import sqlite3
from pathlib import Path


class BadCopy(Exception):
    """The file is no copy that can be used, or would overwrite something; one line for the operator."""


def database_file(url: str) -> Path:
    """The file of an embedded database. Raises BadCopy for another kind, which has tools of its own."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite+aiosqlite":
        raise BadCopy("this database is PostgreSQL: copy it with pg_dump and pg_restore")
    return Path(path)


def back_up(database: Path, file: Path) -> None:
    """Write a whole, checked copy beside a running house. Raises BadCopy; a half-written file is removed."""
    if file.exists():
        raise BadCopy(f"{file} exists already")
    if not database.exists():
        raise BadCopy(f"there is no database at {database}")
    source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        source.execute("VACUUM INTO ?", (str(file),))
        check(file)
    except (sqlite3.Error, BadCopy) as error:
        file.unlink(missing_ok=True)
        raise BadCopy(f"the copy could not be made ({error})") from None
    finally:
        source.close()
    file.chmod(0o600)


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
    """Put a copy where the database was not. Raises BadCopy where there is one: it must be moved away first."""
    if database.exists():
        raise BadCopy(f"{database} exists: stop the house and move it away first")
    check(file)
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = database.with_name(f".{database.name}.restoring")
    fresh.write_bytes(file.read_bytes())
    fresh.chmod(0o600)
    fresh.replace(database)
