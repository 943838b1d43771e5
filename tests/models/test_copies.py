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


def names(folder: Path) -> list[str]:
    """Every file of a folder."""
    return sorted(path.name for path in folder.iterdir())


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


async def test_a_log_of_another_database_is_never_played_into_a_copy(tmp_path: Path) -> None:
    file, copy = await made(tmp_path), tmp_path / "copy.db"
    copies.back_up(file, copy)
    file.unlink()
    (tmp_path / "langnghe.db-wal").write_bytes(b"left behind by a crash")
    with pytest.raises(copies.BadCopy, match="db-wal exists"):
        copies.restore(copy, file)


async def test_what_a_crash_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    file, copy, back = await made(tmp_path), tmp_path / "copy.db", tmp_path / "back.db"
    for half in (tmp_path / ".copy.db.copying", tmp_path / ".back.db.restoring"):
        half.write_bytes(b"half a database")
        half.chmod(0o644)
    copies.back_up(file, copy)
    copies.restore(copy, back)
    assert [name for name in names(tmp_path) if name[0] == "."] == []
    assert {path.stat().st_mode & 0o077 for path in (copy, back)} == {0}


async def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    file = await made(tmp_path)
    with pytest.raises(copies.BadCopy, match="could not be made"):
        copies.back_up(file, tmp_path / "nowhere" / "copy.db")


def test_what_is_no_copy_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    wrong, place = tmp_path / "wrong.db", tmp_path / "langnghe.db"
    wrong.write_bytes(b"not a database at all")
    with pytest.raises(copies.BadCopy, match="not a copy"):
        copies.restore(wrong, place)
    with pytest.raises(copies.BadCopy, match="no file"):
        copies.restore(tmp_path / "missing.db", place)
    with pytest.raises(copies.BadCopy, match="no database"):
        copies.back_up(place, tmp_path / "copy.db")
    assert names(tmp_path) == ["wrong.db"]


def test_postgresql_has_its_own_tools() -> None:
    with pytest.raises(copies.BadCopy, match="pg_dump"):
        copies.database_file("postgresql+psycopg://localhost/x")
