"""The library: every post in every version it ever had, and the pictures and files that posts carry.

A version is never changed: an edit is another version. The body is the canonical text of `conversations.posts.Content`,
which this module keeps and does not read.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import Act
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

PACK = "pack"  # who wrote what came with the campaign
COVER = "cover.png"  # the name of a card that stands for a post elsewhere; no version names it

post = Table(
    "post",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    # The id in the pack's file; null for what was written in the chat.
    Column("name", String(60), unique=True),
    # The unit whose officer wrote it; null for the pack's.
    Column("unit_id", String(16)),
    Column("latest", Integer, nullable=False),
)

post_version = Table(
    "post_version",
    metadata,
    Column("post_id", BigInteger, ForeignKey(post.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("phase", String(40), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("theme", String(40), nullable=False),
    # The officer's person id, "pack", or "shell". No foreign key: a version outlives the person.
    Column("by", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_post_version_phase", "phase"),
)

media = Table(
    "media",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(80), nullable=False),
    Column("data", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be kept of a post: its canonical body with its digest, and where it belongs."""

    body: str
    digest: str
    phase: str
    topic: str
    theme: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a post; `by` wrote it."""

    post_id: int
    number: int
    body: str
    digest: str
    by: str
    at: datetime
    name: str | None
    unit_id: str | None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a file, known by the digest of its bytes."""

    kind: str
    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """64 hexadecimal digits of the bytes."""
        return sha256(self.data).hexdigest()


_COLUMNS = (*(post_version.c[name] for name in ("post_id", "number", "body", "digest", "by", "at")), post.c.name)
_VERSIONS: Select[Any] = select(*_COLUMNS, post.c.unit_id).join(post, post.c.id == post_version.c.post_id)
_LATEST = _VERSIONS.where(post_version.c.number == post.c.latest)


async def add(
    conn: AsyncConnection, written: Written, act: Act, *, unit_id: str | None = None, name: str | None = None
) -> int:
    """Keep a new post as its version 1 and give its id."""
    new = insert(post).values(name=name, unit_id=unit_id, latest=1).returning(post.c.id)
    id: int = (await conn.execute(new)).scalar_one()
    await _keep(conn, id, 1, written, act)
    return id


async def revise(conn: AsyncConnection, post_id: int, written: Written, act: Act) -> int:
    """Keep an edit as the next version and give its number; the same words again are no new version."""
    known = await latest(conn, post_id)
    if known is None:
        raise ValueError(f"there is no post {post_id}")
    if known.digest == written.digest:
        return known.number
    await _keep(conn, post_id, known.number + 1, written, act)
    await conn.execute(update(post).where(post.c.id == post_id).values(latest=known.number + 1))
    return known.number + 1


async def _keep(conn: AsyncConnection, post_id: int, number: int, written: Written, act: Act) -> None:
    its = {name: getattr(written, name) for name in ("body", "digest", "phase", "topic", "theme")}
    values = {"post_id": post_id, "number": number, **its, "by": act.actor, "at": act.at}
    await conn.execute(insert(post_version), values)


async def latest(conn: AsyncConnection, post_id: int) -> Version | None:
    """Give a post as it is now, locked until the transaction ends, so that two edits stand one after the other."""
    await conn.execute(select(post.c.id).where(post.c.id == post_id).with_for_update())
    return _version((await conn.execute(_LATEST.where(post.c.id == post_id))).first())


async def version(conn: AsyncConnection, post_id: int, number: int) -> Version | None:
    """Give one version."""
    its = (post_version.c.post_id == post_id, post_version.c.number == number)
    return _version((await conn.execute(_VERSIONS.where(*its))).first())


async def named(conn: AsyncConnection, name: str) -> Version | None:
    """Give a post of the pack as it is now."""
    return _version((await conn.execute(_LATEST.where(post.c.name == name))).first())


async def alike(conn: AsyncConnection, written: Written) -> Version | None:
    """Give a post that says the very same now and is no unit's own; None where there is none."""
    same = (post_version.c.phase == written.phase, post_version.c.digest == written.digest, post.c.unit_id.is_(None))
    return _version((await conn.execute(_LATEST.where(*same).order_by(post.c.id).limit(1))).first())


async def library(conn: AsyncConnection, phase: str, skip: int = 0, most: int = 8) -> list[Version]:
    """List the posts of a phase as they are now, the newest first."""
    rows = await conn.execute(
        _LATEST.where(post_version.c.phase == phase).order_by(post.c.id.desc()).offset(skip).limit(most)
    )
    return [Version(*row) for row in rows]


async def authors(conn: AsyncConnection, post_id: int) -> set[str]:
    """Everybody who had a hand in any version of a post."""
    return set((await conn.execute(select(post_version.c.by).where(post_version.c.post_id == post_id))).scalars())


async def pass_on(conn: AsyncConnection, old: str, new: str) -> None:
    """Let what one record of a person wrote be the other's, so that nobody approves their own words by joining two."""
    await conn.execute(update(post_version).where(post_version.c.by == old).values(by=new))


def _version(row: Any) -> Version | None:
    return Version(*row) if row else None


def _once(into: Upsert) -> Upsert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("digest", "kind", "name", "data")}
    return into.values(values).on_conflict_do_nothing()


_KEEP_MEDIA = on_both(media, _once)


async def keep_media(conn: AsyncConnection, kept: Media) -> str:
    """Keep a picture or a file and give its digest; the same bytes are kept once."""
    values = {"digest": kept.digest, "kind": kept.kind, "name": kept.name[:80], "data": kept.data}
    await conn.execute(_KEEP_MEDIA[conn.dialect.name], values)
    return kept.digest


async def media_of(conn: AsyncConnection, digest: str) -> Media | None:
    """Give a picture or a file by its digest."""
    its = media.c
    row = (await conn.execute(select(its.kind, its.name, its.data).where(its.digest == digest))).first()
    return Media(row.kind, row.name, row.data) if row else None
