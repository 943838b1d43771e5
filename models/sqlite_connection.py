"""An aiosqlite connection that crosses to its thread only for what may wait for the disk or for another process.

aiosqlite sends every call (make a cursor, execute, fetch, close) through its worker thread; for statements that touch
one row the crossing costs several times the statement. Here short statements run where they are called, and BEGIN,
COMMIT and everything else that may block the loop goes to the thread. One transaction uses a connection at a time
(the pool sees to that), so the two threads never meet in it.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")
WAITING = frozenset({"BEGIN", "COMMIT", "END", "PRAGMA", "VACUUM", "CREATE", "ALTER", "DROP", "ROLLBACK"})
SHORT = frozenset({"cursor", "execute", "executemany", "fetchone", "fetchmany", "fetchall"})


class Connection(aiosqlite.Connection):
    """Runs short statements at once and the others in its thread."""

    async def _connect(self) -> "Connection":
        try:
            await super()._connect()
        except BaseException:
            # Its thread is told to end but not waited for; it would speak to an event loop that is gone.
            await asyncio.to_thread(self._thread.join)
            raise
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self._connection is not None and _short(fn, args):
            return fn(*args, **kwargs)
        crossed: T = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return crossed


def _short(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    name = getattr(fn, "__name__", "")
    if isinstance(getattr(fn, "__self__", None), sqlite3.Cursor) and name == "close":
        return True
    return name in SHORT and not (args and str(args[0]).lstrip()[:8].partition(" ")[0].upper() in WAITING)


def connect(database: str, **options: Any) -> Connection:
    """Make a connection for SQLAlchemy's `async_creator_fn`; it opens when it is awaited."""
    options["check_same_thread"] = False
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # a forgotten connection must not keep the process alive
    return connection
