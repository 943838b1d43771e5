"""Opens the database. SQLite is opened so that neither a power cut nor a second writer loses anything."""

from urllib.parse import quote

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from models.sqlite_connection import connect

# What the folders above call these, without knowing the library.
Connection = AsyncConnection
Engine = AsyncEngine
DatabaseFault = SQLAlchemyError

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # WAL alone survives a crash of the process; FULL survives a crash of the power
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    # What a file brings along as its schema runs nothing. No statement is made of what people type, so there is nothing
    # for an authorizer to forbid that this and the driver (no extensions) have not forbidden.
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",  # no temporary file ever holds rows
)


def is_sqlite(url: str) -> bool:
    """Tell whether the URL names the embedded database."""
    return url.startswith("sqlite")


def open_engine(url: str) -> AsyncEngine:
    """Open `sqlite+aiosqlite:///FILE` or `postgresql+psycopg://…`. Nothing is connected until the first use."""
    if not is_sqlite(url):
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_async_engine(url, pool_size=4, max_overflow=4, connect_args={"async_creator_fn": connect})
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def open_reading(url: str) -> AsyncEngine:
    """Open a database beside whoever writes to it: nothing can be changed, and nobody waits for what is read here."""
    if not is_sqlite(url):
        engine = create_async_engine(url, pool_size=1, max_overflow=0)
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    file = quote(url.partition(":///")[2])
    options = {"async_creator_fn": connect}
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true", connect_args=options)
    event.listen(engine.sync_engine, "connect", _prepare_reading)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare_reading(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=10000", "query_only=ON", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: SyncConnection) -> None:
    connection.exec_driver_sql("BEGIN")


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own implicit BEGIN is switched off: it loses updates between a read and a write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: SyncConnection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_down(error: Exception) -> bool:
    """Tell whether the database could not be reached or written to, as against a fault of ours in using it."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | OSError)


def is_passing(error: Exception) -> bool:
    """Tell whether a second try may succeed: two processes met one new person, or locked two people in turn."""
    return isinstance(error, IntegrityError) or (isinstance(error, OperationalError) and "deadlock" in str(error.orig))


def told(error: DatabaseFault) -> str:
    """The driver's own first line, without the statement and its values."""
    return str(getattr(error, "orig", error)).partition("\n")[0]
