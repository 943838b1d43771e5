"""The public places where the federation posts: Telegram channels and groups, an Official Account, a page, our own web.

An outlet is public, so its name is kept as the platform gives it. Refuses nothing and sends nothing: who may add one is
decided in handlers/, how each is posted to in bot/. An outlet that we may no longer post to is kept, closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.people import person
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

TELEGRAM, ZALO, FACEBOOK, FEED = "telegram", "zalo-oa", "facebook", "feed"
LONGEST_TITLE = 128  # what Telegram lets a channel be called; longer names of others are cut

outlet = Table(
    "outlet",
    metadata,
    # "telegram:<chat id>", "zalo-oa", "facebook" or "feed".
    Column("key", String(60), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(LONGEST_TITLE), nullable=False),
    Column("may_post", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # Who is told when the right to post is taken away; nobody once that person is forgotten.
    Column("added_by", BigInteger, ForeignKey(person.c.id, ondelete="SET NULL")),
    # Where the platform gave the place another id: the key to post to. What was approved under this one goes there.
    Column("moved_to", String(60)),
    Index("ix_outlet_added_by", "added_by"),
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One public place. `added_by` is the person who let us in, None for those that the settings open."""

    key: str
    kind: str
    title: str
    may_post: bool
    since: datetime
    added_by: int | None = None
    moved_to: str | None = None


def key_of(kind: str, id: str = "") -> str:
    """Name an outlet: its kind, with the platform's own id where there are several of a kind."""
    return f"{kind}:{id}" if id else kind


def kind_of(key: str) -> str:
    """The kind of an outlet, from its key."""
    return key.partition(":")[0]


def _keep(into: Upsert) -> Upsert:
    names = ("key", "kind", "title", "may_post", "since", "added_by", "moved_to")
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    into = into.values(values)
    new = {name: into.excluded[name] for name in ("title", "may_post", "added_by", "moved_to")}
    return into.on_conflict_do_update(index_elements=["key"], set_=new)


_KEEP = on_both(outlet, _keep)


async def keep(conn: AsyncConnection, kept: Outlet) -> None:
    """Keep an outlet, or what is new about it; `since` stays that of the first time."""
    values = {name: getattr(kept, name) for name in Outlet.__slots__} | {"title": titled(kept.title)}
    await conn.execute(_KEEP[conn.dialect.name], values)


async def find(conn: AsyncConnection, key: str) -> Outlet | None:
    """Give an outlet, None for one that nobody let us into."""
    row = (await conn.execute(select(outlet).where(outlet.c.key == key))).first()
    return Outlet(*row) if row else None


async def listed(conn: AsyncConnection, *, open_only: bool = False) -> list[Outlet]:
    """List all outlets in a steady order; with `open_only` those that may be posted to."""
    wanted = select(outlet).where(outlet.c.moved_to.is_(None)).order_by(outlet.c.kind, outlet.c.title, outlet.c.key)
    rows = await conn.execute(wanted.where(outlet.c.may_post) if open_only else wanted)
    return [Outlet(*row) for row in rows]


async def standing(conn: AsyncConnection, key: str) -> Outlet | None:
    """Give the outlet that a key leads to now, also where its place has moved; None for one that is not known."""
    known, passed = await find(conn, key), {key}
    while known and known.moved_to and known.moved_to not in passed:
        passed.add(known.moved_to)
        known = await find(conn, known.moved_to)
    return known


async def let(conn: AsyncConnection, key: str, may_post: bool) -> bool:
    """Open or close an outlet; False where that changes nothing."""
    changed = outlet.c.may_post != may_post
    done = await conn.execute(update(outlet).where(outlet.c.key == key, changed).values(may_post=may_post))
    return done.rowcount == 1


async def rename(conn: AsyncConnection, key: str, title: str) -> None:
    """Keep an outlet's new name."""
    await conn.execute(update(outlet).where(outlet.c.key == key).values(title=titled(title)))


async def move(conn: AsyncConnection, old: str, new: str) -> bool:
    """Let an outlet have another key, since the platform gave the place a new id; False where it is not known.

    The old key goes on to lead to the new one. A place that is known under both stays as it is under the new.
    """
    known = await find(conn, old)
    if known is None or known.moved_to or old == new:
        return False
    if await find(conn, new) is None:
        await keep(conn, replace(known, key=new))
    await conn.execute(update(outlet).where(outlet.c.key == old).values(may_post=False, moved_to=new))
    return True


async def drop(conn: AsyncConnection, key: str) -> None:
    """Let an outlet be one no more."""
    await conn.execute(delete(outlet).where(outlet.c.key == key))


async def added_by(conn: AsyncConnection, person_id: int) -> Sequence[str]:
    """Name the outlets that a person let us into."""
    its = (
        select(outlet.c.title)
        .where(outlet.c.added_by == person_id, outlet.c.moved_to.is_(None))
        .order_by(outlet.c.title, outlet.c.key)
    )
    return list((await conn.execute(its)).scalars())


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let what one record of a person added be the other's."""
    await conn.execute(update(outlet).where(outlet.c.added_by == old).values(added_by=new))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Forget who added an outlet; the outlet is the federation's and stays."""
    await conn.execute(update(outlet).where(outlet.c.added_by == person_id).values(added_by=None))


def titled(title: str) -> str:
    """A name on one line that fits."""
    return " ".join(title.split())[:LONGEST_TITLE]
