"""What was published at an outlet of our own: the approved versions of broadcasts that have begun. Names nobody.

A broadcast that was cancelled is taken back, also when it had begun: who published it wanted it gone. Where it was
posted elsewhere what belongs to it stays, since it is looked at from there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from models.broadcasts import CANCELLED, broadcast
from models.outlets import FEED
from models.postings import FAILED, WAITING, broadcast_outlet
from models.posts import Media, media, media_of, post_version


@dataclass(frozen=True, slots=True)
class Published:
    """A broadcast that stands at an outlet: `at` is when it began, `body` the words that were approved."""

    id: int
    at: datetime
    body: str
    digest: str


@dataclass(frozen=True, slots=True)
class File:
    """What is kept of a picture or a file, without its bytes; `size` in bytes."""

    digest: str
    kind: str
    name: str
    size: int


_ITS = broadcast.c
_WORDS = and_(post_version.c.post_id == _ITS.post_id, post_version.c.number == _ITS.version)
_ROW = select(_ITS.id, _ITS.started_at, post_version.c.body, post_version.c.digest).join(post_version, _WORDS)


def _standing(outlet: str) -> tuple[ColumnElement[bool], ...]:
    return _ITS.started_at.is_not(None), _ITS.status != CANCELLED, _ITS.outlets.contains(f'"{outlet}"')


async def page(conn: AsyncConnection, outlet: str, most: int, before: int | None = None) -> list[Published]:
    """Give what stands at an outlet, the newest first; with `before` what began earlier than that broadcast.

    Nothing before a broadcast that never began or does not exist.
    """
    newest = _ITS.started_at.desc(), _ITS.id.desc()
    found = select(_ITS.id).where(*_standing(outlet)).order_by(*newest).limit(most)
    if before is not None:
        moment = select(_ITS.started_at).where(_ITS.id == before).scalar_subquery()
        found = found.where(tuple_(_ITS.started_at, _ITS.id) < tuple_(moment, literal(before)))
    ids = list((await conn.execute(found)).scalars())  # without the words, which would all have to be sorted along
    return [Published(*row) for row in await conn.execute(_ROW.where(_ITS.id.in_(ids)).order_by(*newest))]


async def one(conn: AsyncConnection, outlet: str, id: int) -> Published | None:
    """Give one broadcast if it stands at an outlet."""
    row = (await conn.execute(_ROW.where(*_standing(outlet), _ITS.id == id))).first()
    return Published(*row) if row else None


async def changed(conn: AsyncConnection, outlet: str) -> datetime | None:
    """The moment at which something came to an outlet or was taken back there, last; None before the first."""
    its = and_(_ITS.started_at.is_not(None), _ITS.outlets.contains(f'"{outlet}"'))
    ended = select(func.max(_ITS.ended_at)).where(its, _ITS.status == CANCELLED)
    begun = select(func.max(_ITS.started_at)).where(its)
    moments: list[Any] = [(await conn.execute(each)).scalar() for each in (begun, ended)]
    return max(filter(None, moments), default=None)


async def files(conn: AsyncConnection, digests: Iterable[str]) -> dict[str, File]:
    """Tell of pictures and files what they are; what is not kept is left out."""
    its = media.c
    wanted = select(its.digest, its.kind, its.name, func.length(its.data)).where(its.digest.in_(list(digests)))
    return {row[0]: File(*row) for row in await conn.execute(wanted)}


async def public_media(conn: AsyncConnection, digest: str) -> Media | None:
    """Give a picture or a file that belongs to something published at any outlet, and none that does not.

    What was never kept is told without looking through the posts: anybody may ask for anything.
    """
    if not await files(conn, [digest]):
        return None
    elsewhere = exists().where(
        broadcast_outlet.c.broadcast_id == _ITS.id,
        broadcast_outlet.c.outlet != FEED,
        broadcast_outlet.c.state.not_in((WAITING, FAILED)),
    )
    named = (post_version.c.body.contains(f'"{field}": "{digest}"') for field in ("picture", "document"))
    found = select(_ITS.id).join(post_version, _WORDS).where(_ITS.started_at.is_not(None), _ITS.outlets != "[]")
    public = found.where(or_(*named), or_(_ITS.status != CANCELLED, elsewhere)).limit(1)
    return await media_of(conn, digest) if (await conn.execute(public)).first() else None
