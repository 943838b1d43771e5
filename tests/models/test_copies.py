"""Copies of the embedded database: whole, beside a running house, never over something else, never with a key."""

from pathlib import Path

import pytest
from sqlalchemy import text

from models import copies
from models.database import open_engine
from models.migrate import upgrade


async def made(folder: Path) -> Path:
    """A migrated database with one entry, still open elsewhere while it is copied."""
    file = folder / "langnghe.db"
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    await upgrade(engine)
    async with engine.begin() as conn:
        await conn.execute(text("INSERT INTO seen (channel, id, at) VALUES ('web', 'x', '2020-01-06 00:00:00')"))
    await engine.dispose()
    return file


async def test_a_copy_comes_back_whole(tmp_path: Path) -> None:
    file, copy, back = await made(tmp_path), tmp_path / "copy.db", tmp_path / "other" / "langnghe.db"
    copies.back_up(file, copy)
    assert copy.stat().st_mode & 0o077 == 0
    copies.restore(copy, back)
    engine = open_engine(f"sqlite+aiosqlite:///{back}")
    async with engine.begin() as conn:
        assert (await conn.execute(text("SELECT id FROM seen"))).scalar_one() == "x"
    await engine.dispose()


async def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file, copy = await made(tmp_path), tmp_path / "copy.db"
    copies.back_up(file, copy)
    with pytest.raises(copies.BadCopy, match="exists"):
        copies.back_up(file, copy)
    with pytest.raises(copies.BadCopy, match="move it away"):
        copies.restore(copy, file)


def test_what_is_no_copy_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    wrong, place = tmp_path / "wrong.db", tmp_path / "langnghe.db"
    wrong.write_bytes(b"not a database at all")
    with pytest.raises(copies.BadCopy, match="not a copy"):
        copies.restore(wrong, place)
    with pytest.raises(copies.BadCopy, match="no file"):
        copies.restore(tmp_path / "missing.db", place)
    with pytest.raises(copies.BadCopy, match="no database"):
        copies.back_up(place, tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wrong.db"]


def test_postgresql_has_its_own_tools() -> None:
    with pytest.raises(copies.BadCopy, match="pg_dump"):
        copies.database_file("postgresql+psycopg://localhost/x")
