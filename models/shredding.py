"""The end of a period's key: once nothing waits under it, it is destroyed, and with it every copy of what it sealed.

Old backups, freed blocks of the disk and PostgreSQL's write-ahead log (its own, until a segment is used again, and an
archive for as long as somebody keeps it) still hold sealed rows; without the key these are bytes that say nothing.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models import answers, resealing
from models.keys import STANDING, Keys
from models.periods import is_past

CHANGED = "pending, outbox, participation, person, address, seen"  # where rows of people are replaced and erased


async def retire(conn: AsyncConnection, keys: Keys, current: str) -> list[str]:
    """Destroy the keys of the past under which nothing waits any more, and name them.

    To be called in a transaction of its own, after the ones of the release, `answers.rekey` and `resealing.rekey` were
    committed. Both tables are held, answers first, as everybody writes them, until it is known that nothing is left.
    """
    await answers.hold_still(conn)
    await resealing.hold_still(conn)
    used = {*await answers.periods(conn), *await resealing.periods(conn)}
    gone = [name for name in past(keys, current) if name not in used]
    for name in gone:
        keys.destroy(name)
    return gone


def past(keys: Keys, current: str) -> list[str]:
    """Name the keys that should be gone by now, in order."""
    return [name for name in keys.names() if name != STANDING and is_past(name, current)]


async def checkpoint(engine: AsyncEngine) -> bool:
    """Empty what a database keeps of erased rows beside its tables; False when somebody's reading prevented it.

    SQLite's write-ahead log is cut to nothing (erased rows are overwritten in the file itself: `secure_delete`).
    PostgreSQL's dead row versions are cleared away at once, not some day by its own cleaner.
    """
    if engine.dialect.name == "postgresql":
        async with engine.connect() as conn:
            outside = await conn.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text(f"VACUUM {CHANGED}"))
        return True
    async with engine.connect() as conn:
        # Around SQLAlchemy, which would open a transaction first; a checkpoint needs to stand outside of one.
        driver = (await conn.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("the connection was closed")
        cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = (await cursor.fetchone())[0]
        await cursor.close()
        return not busy
