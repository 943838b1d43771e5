"""What was sent in for a post and never handed in goes with the sketch that named it."""

import json
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from models import people, posts, sketches
from models.audit import Act
from models.messages import Address
from models.people import Person
from models.posts import COVER, Media, Written


async def test_a_file_goes_once_neither_a_post_nor_a_sketch_names_it(conn: AsyncConnection) -> None:
    at = datetime(2020, 1, 6, tzinfo=UTC)
    await people.store(conn, Person(7, "vi", None, None, None, None, "", {}, 0, "2020-01-06"), Address("telegram", "7"))
    files = [Media("image/png", name, name.encode()) for name in ("a.png", "b.png", COVER, "d.png")]
    for each in files:
        await posts.keep_media(conn, each)
    published, sketched, cover, dropped = (each.digest for each in files)
    body = json.dumps({"picture": published})
    await posts.add(conn, Written(body, "0" * 64, "dot-1", "", ""), Act(at, "7"))
    await sketches.add(conn, 7, json.dumps({"document": sketched}), "2020-01-06")
    await sketches.purge_files(conn)
    assert [bool(await posts.media_of(conn, each)) for each in (published, sketched, cover, dropped)] == [1, 1, 1, 0]
    await sketches.forget(conn, 7)
    await sketches.purge_files(conn)
    assert await posts.media_of(conn, sketched) is None
    assert await posts.media_of(conn, published)
