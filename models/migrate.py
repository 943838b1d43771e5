"""Brings the database to the schema of this version, whole or not at all, by one process at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x6C616E67  # "lang": PostgreSQL's advisory lock of this product; SQLite's own write lock does the same


class TooNew(Exception):
    """The database was made by a later version of the product, which this one cannot read."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


async def upgrade(engine: AsyncEngine) -> bool:
    """Apply what is missing, in one transaction; True when something was. Raises TooNew."""
    async with _loose(engine) as conn:
        if conn.dialect.name == "postgresql":
            await conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return await conn.run_sync(_upgrade)


@asynccontextmanager
async def _loose(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction in which SQLite may make a table anew: to drop the old one would erase every row that refers to it.

    What refers to nothing in the end is a fault of the migration, and nothing is changed.
    """
    async with engine.connect() as conn:
        if conn.dialect.name != "sqlite":
            async with conn.begin():
                yield conn
            return
        driver: Any = (await conn.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
        try:
            async with conn.begin():
                yield conn
                if astray := (await conn.execute(text("PRAGMA foreign_key_check"))).all():
                    raise RuntimeError(f"a migration leaves {len(astray)} rows that refer to nothing")
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")


async def is_current(conn: AsyncConnection) -> bool:
    """Tell whether the database has the schema of this version. Changes nothing."""
    current = await conn.run_sync(lambda connection: MigrationContext.configure(connection).get_current_revision())
    return current == ScriptDirectory.from_config(config()).get_current_head()


def _upgrade(connection: Connection) -> bool:
    scripts = ScriptDirectory.from_config(config())
    current, head = MigrationContext.configure(connection).get_current_revision(), scripts.get_current_head()
    if current == head:
        return False
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise TooNew(f"the database is at revision {current}, which this version does not know: install a newer one")
    command.upgrade(config(connection), "head")
    return True
