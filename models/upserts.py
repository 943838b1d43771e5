"""INSERT … ON CONFLICT on both databases. SQLAlchemy spells it per dialect, so each statement is built for each."""

from collections.abc import Callable, Mapping

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Upsert = postgresql.Insert | sqlite.Insert


def on_both(table: Table, build: Callable[[Upsert], Upsert]) -> Mapping[str, Upsert]:
    """Build an insert for each dialect, by its name.

    `rowcount` tells what was written on both: without the option SQLAlchemy gives no count for inserts through psycopg
    (-1), and nothing would ever seem new.
    """
    inserts: dict[str, Upsert] = {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}
    return {name: build(into).execution_options(preserve_rowcount=True) for name, into in inserts.items()}
