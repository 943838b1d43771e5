"""Posts that somebody is still writing: kept at every step, so that nothing typed is lost between two messages.

A sketch is its writer's own: nobody else sees it. It becomes a version of a post once it is handed in; one that lies
over a broadcast holds what cannot be a version yet. The body is not read here.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.broadcasts import broadcast
from models.people import person
from models.posts import COVER, media, post_version
from models.schema import metadata

sketch = Table(
    "sketch",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id, ondelete="CASCADE"), nullable=False),
    # The broadcast that it is to change; null for a new one.
    Column("broadcast_id", BigInteger, ForeignKey(broadcast.c.id)),
    Column("body", Text, nullable=False),
    # The day on which it was last written to.
    Column("touched", String(10), nullable=False),
    Index("ix_sketch_person_id", "person_id"),
    Index("ix_sketch_broadcast_id", "broadcast_id"),
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What somebody has written so far."""

    id: int
    person_id: int
    broadcast_id: int | None
    body: str


_ITS = sketch.c
_DIGEST = re.compile("[0-9a-f]{64}")
_ALL: Select[Any] = select(_ITS.id, _ITS.person_id, _ITS.broadcast_id, _ITS.body)


async def add(conn: AsyncConnection, person_id: int, body: str, day: str, broadcast_id: int | None = None) -> int:
    """Keep a new one and give its id."""
    values = {"person_id": person_id, "broadcast_id": broadcast_id, "body": body, "touched": day}
    id: int = (await conn.execute(insert(sketch).values(values).returning(_ITS.id))).scalar_one()
    return id


async def keep(conn: AsyncConnection, id: int, body: str, day: str) -> None:
    """Keep what stands in it now."""
    await conn.execute(update(sketch).where(_ITS.id == id).values(body=body, touched=day))


async def find(conn: AsyncConnection, person_id: int, id: int) -> Sketch | None:
    """Give one to its writer."""
    row = (await conn.execute(_ALL.where(_ITS.id == id, _ITS.person_id == person_id))).first()
    return Sketch(*row) if row else None


async def over(conn: AsyncConnection, person_id: int, broadcast_id: int) -> Sketch | None:
    """Give what its writer has laid over a broadcast."""
    row = (await conn.execute(_ALL.where(_ITS.broadcast_id == broadcast_id, _ITS.person_id == person_id))).first()
    return Sketch(*row) if row else None


async def of(conn: AsyncConnection, person_id: int) -> list[Sketch]:
    """List somebody's sketches of new posts, the newest first."""
    own = _ALL.where(_ITS.person_id == person_id, _ITS.broadcast_id.is_(None))
    return [Sketch(*row) for row in await conn.execute(own.order_by(_ITS.id.desc()))]


async def count(conn: AsyncConnection, person_id: int) -> int:
    """Tell how many sketches are kept of somebody."""
    found = select(func.count()).select_from(sketch).where(_ITS.person_id == person_id)
    return int((await conn.execute(found)).scalar_one())


async def drop(conn: AsyncConnection, id: int) -> None:
    """Throw one away."""
    await conn.execute(delete(sketch).where(_ITS.id == id))


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let the sketches of one record be the other's."""
    await conn.execute(update(sketch).where(_ITS.person_id == old).values(person_id=new))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase what somebody has not handed in."""
    await conn.execute(delete(sketch).where(_ITS.person_id == person_id))


async def purge(conn: AsyncConnection, before: str) -> None:
    """Drop what nobody has written to since a day (ISO)."""
    await conn.execute(delete(sketch).where(_ITS.touched < before))


async def purge_files(conn: AsyncConnection) -> None:
    """Drop the pictures and files that were sent in and that neither a version of a post nor a sketch names."""
    if conn.dialect.name == "postgresql":  # whoever keeps a file just now names it before they commit
        await conn.execute(text("LOCK TABLE media IN EXCLUSIVE MODE"))
    left = set((await conn.execute(select(media.c.digest).where(media.c.name != COVER))).scalars())
    for body in (post_version.c.body, _ITS.body):
        for its in (await conn.execute(select(body))).scalars():
            left.difference_update(_DIGEST.findall(its))
    if left:
        await conn.execute(delete(media).where(media.c.digest.in_(left)))
