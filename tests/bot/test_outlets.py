"""Posts to public places: each once, in doubt after a death or a lost answer, and again only if an officer says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channel import Ground
from bot.outcomes import Sent, Unavailable
from bot.outlets import settling
from bot.outlets.publisher import Publisher
from bot.outlets.steps import Went
from bot.writer import Writer
from models import broadcasts, outlets, people, postings, posts
from models.audit import Act
from models.database import Connection
from models.messages import Address
from models.outbox import outbox
from models.outlets import FACEBOOK, FEED, ZALO, outlet
from models.people import guest
from models.postings import SENT, TRYING, UNKNOWN, WAITING
from models.posts import Media, media
from tests.bot.outlet_house import CHANNEL, Town, town
from tests.platforms import facebook, telegram, zalo_oa
from tests.platforms.clock import soon
from tests.platforms.telegram_methods import Pace
from tests.platforms.telegram_places import KICKED, MEMBER, WATCHES, upgrade

T = TypeVar("T")
LONG = "\n\n".join(f"Đoạn {n}. " + "chữ " * 200 for n in range(8))
CREATE, VERIFY, TELL = "/v2.0/article/create", "/v2.0/article/verify", "/v2.0/oa/message"


@pytest.fixture
async def here(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(engine, tmp_path) as here:
        yield here


async def test_a_broadcast_stands_once_at_every_outlet(here: Town) -> None:
    channel, group = await here.place(), await here.place(-1002, "supergroup")
    id = await here.broadcast(CHANNEL, "telegram:-1002", ZALO, FACEBOOK, FEED)
    process = here.process()
    await here.go(process)
    for place in (CHANNEL, "telegram:-1002", ZALO, FACEBOOK, FEED):
        assert await here.state(id, place) == (SENT, ""), place
    assert len(channel.messages) == len(group.messages) == len(here.zalo.api.broadcasts) == 1
    assert [post.id for post in here.facebook.posts] == [(await here.at(id, FACEBOOK)).external]
    assert (await here.at(id)).external == str(channel.screen and channel.screen.id)
    listed = {each.key: each.may_post for each in [await here.outlet(key) for key in (ZALO, FACEBOOK, FEED)]}
    assert listed == {ZALO: True, FACEBOOK: True, FEED: True}
    assert (await here.outlet(FACEBOOK)).title == "Công đoàn tỉnh"
    asked = len(here.telegram.asked) + len(here.zalo.asked) + len(here.facebook.asked)
    await here.go(process)
    assert len(here.telegram.asked) + len(here.zalo.asked) + len(here.facebook.asked) == asked


async def test_what_is_paused_or_cancelled_is_not_posted(here: Town) -> None:
    channel, act = await here.place(), Act(here.now(), "2")
    paused, cancelled = await here.broadcast(CHANNEL, FEED), await here.broadcast(CHANNEL, FEED)
    async with here.engine.begin() as conn:
        await broadcasts.pause(conn, paused, act)
        await broadcasts.cancel(conn, cancelled, act)
    process = here.process()
    await here.go(process, 3)
    assert not channel.messages
    assert await here.state(paused, FEED) == (WAITING, "")
    async with here.engine.begin() as conn:
        await broadcasts.resume(conn, paused, act)
    await here.go(process, 3)
    assert len(channel.messages) == 1


async def test_a_broadcast_that_was_stopped_after_it_was_read_is_not_posted(here: Town) -> None:
    channel, process = await here.place(), here.process()
    id = await here.broadcast(CHANNEL)
    read = await here.at(id)
    async with here.engine.begin() as conn:
        await broadcasts.pause(conn, id, Act(here.now(), "2"))
    begun = await _begin(process, read)
    assert begun is None
    assert not channel.messages


async def test_what_is_no_longer_what_was_approved_is_posted_nowhere(here: Town) -> None:
    channel = await here.place()
    id = await here.broadcast(CHANNEL, FACEBOOK)
    async with here.engine.begin() as conn:
        await conn.execute(update(posts.post_version).values(body=posts.post_version.c.body + " "))
    await here.go(here.process(), 3)
    assert not channel.messages
    assert not here.facebook.posts
    async with here.engine.connect() as conn:
        known = await broadcasts.find(conn, id)
    assert known is not None
    assert (known.status, known.reason) == (broadcasts.PAUSED, "seal")
    assert await here.state(id) == (WAITING, "")


async def test_what_stands_there_is_never_posted_again(here: Town) -> None:
    channel, process = await here.place(), here.process()
    id = await here.broadcast(CHANNEL, FEED)
    await here.go(process, 2)
    assert await here.state(id) == (SENT, "")
    assert not await here.decide(postings.again, id)
    assert not await here.decide(postings.settled_by_hand, id)
    await here.go(process, 2)
    assert len(channel.messages) == 1


async def _begin(process: Publisher, posting: postings.Posting) -> object:
    ground: Ground = process._ground
    door = process._doors[outlets.kind_of(posting.outlet)]
    return await ground.writer.write(partial(settling.begin, ground, door, posting))


async def test_parts_come_one_after_the_other_and_two_posts_never_mix(here: Town) -> None:
    channel = await here.place()
    first, second = await here.broadcast(CHANNEL, text=LONG), await here.broadcast(CHANNEL, text=f"Sau. {LONG}")
    process = here.process()
    await here.go(process, 1, 0.0)
    assert (await here.at(first)).state == WAITING
    assert (await here.at(first)).step == "1"
    await here.go(process, 1, 0.0)
    assert len(channel.messages) == 1, "three seconds are left between two messages"
    await here.go(process, 8, 3.0)
    assert (await here.state(first), await here.state(second)) == ((SENT, ""), (SENT, ""))
    texts = channel.history
    assert "Sau." in texts[len(texts) // 2]
    assert not any("Sau." in text for text in texts[: len(texts) // 2])


# ---- deaths and lost answers


async def test_a_death_while_trying_leaves_it_in_doubt_and_nothing_is_sent_again(here: Town) -> None:
    channel = await here.place()
    id = await here.broadcast(CHANNEL, FEED)
    died = here.process()
    here.telegram.fail(telegram.Fault("sendMessage", slow=30.0))
    await died.look()
    await soon(lambda: bool(here.telegram.faults) is False)
    assert (await here.at(id)).state == TRYING
    for task in died._work.values():
        task.cancel()
    await asyncio.sleep(0)
    heir = here.process()
    await heir.doubt()
    assert await here.state(id) == (UNKNOWN, "died")
    await here.go(heir, 3)
    assert await here.state(id) == (UNKNOWN, "died")
    assert not channel.messages
    assert await here.decide(postings.again, id)
    await here.go(heir, 3)
    assert await here.state(id) == (SENT, "")
    assert len(channel.messages) == 1
    assert not await here.decide(postings.again, id), "what stands is never posted again"


@pytest.mark.parametrize("place", [CHANNEL, FACEBOOK, ZALO])
async def test_a_lost_answer_leaves_it_in_doubt(here: Town, place: str) -> None:
    await here.place()
    id = await here.broadcast(place)
    here.telegram.fail(telegram.Fault("sendMessage", lost=True))
    here.facebook.fail(facebook.Fault("/feed", lost=True))
    here.zalo.fail(zalo_oa.Fault(TELL, lost=True))
    process = here.process()
    await here.go(process)
    assert await here.state(id, place) == (UNKNOWN, "lost")
    stood = {CHANNEL: len(here.telegram.calls("sendMessage")), FACEBOOK: len(here.facebook.posts)}
    assert stood.get(place, len(here.zalo.api.broadcasts)) == 1
    assert await here.decide(postings.settled_by_hand, id, place)
    await here.go(process, 3)
    assert await here.state(id, place) == (SENT, "")
    assert {CHANNEL: len(here.telegram.calls("sendMessage")), FACEBOOK: len(here.facebook.posts)} == stood


async def test_what_an_officer_saw_standing_is_gone_on_with(here: Town) -> None:
    channel = await here.place()
    id = await here.broadcast(CHANNEL, text=LONG)
    here.telegram.fail(telegram.Fault("sendMessage", lost=True))
    process = here.process()
    await here.go(process, 2)
    assert await here.state(id) == (UNKNOWN, "lost")
    await here.decide(postings.settled_by_hand, id)
    await here.go(process)
    assert await here.state(id) == (SENT, "")
    assert len(channel.messages) == len(set(channel.history)) == 2


async def test_a_finished_broadcast_is_taken_up_again_and_a_cancelled_one_is_not(here: Town) -> None:
    channel, process = await here.place(), here.process()
    channel.spot.rights = WATCHES
    id = await here.broadcast(CHANNEL)
    await here.go(process, 2)
    assert (await here.at(id)).reason == "no right"
    async with here.engine.begin() as conn:
        await broadcasts.finish(conn, id, here.now())
    await here.place()
    assert await here.decide(postings.again, id)
    await here.go(process, 2)
    assert len(channel.messages) == 1
    channel.spot.rights = WATCHES
    other = await here.broadcast(CHANNEL)
    await here.go(process, 2)
    async with here.engine.begin() as conn:
        await broadcasts.cancel(conn, other, Act(here.now(), "2"))
    assert not await here.decide(postings.again, other)


async def test_whoever_was_taken_for_dead_still_says_what_it_knows(here: Town) -> None:
    await here.place()
    id = await here.broadcast(CHANNEL)
    process = here.process()
    begun = await _begin(process, await here.at(id))
    assert begun
    trying = replace(await here.at(id), state=TRYING)
    await here.process().doubt()
    ground = process._ground
    await ground.writer.write(partial(settling.settle, ground, trying, Sent("7")))
    assert await here.state(id) == (SENT, "")
    await ground.writer.write(partial(settling.settle, ground, trying, Went("1", "x")))
    assert await here.state(id) == (SENT, ""), "and nobody undoes it"


async def test_a_clean_stop_waits_for_what_is_on_its_way(here: Town) -> None:
    channel = await here.place()
    id = await here.broadcast(CHANNEL)
    here.telegram.fail(telegram.Fault("sendMessage", slow=0.3))
    process = here.process()
    await process.look()
    await process.hush()
    assert await here.state(id) == (SENT, "")
    assert len(channel.messages) == 1
    later = await here.broadcast(CHANNEL)
    await here.go(process, 2)
    assert await here.state(later) == (WAITING, ""), "nothing is begun any more"


async def test_two_processes_post_once(here: Town) -> None:
    channel, first, second = await here.place(), here.process(), here.process()
    id = await here.broadcast(CHANNEL)
    read = await here.at(id)
    begun = await asyncio.gather(_begin(first, read), _begin(second, read))
    assert sum(each is not None for each in begun) == 1
    assert not channel.messages


class Away(Writer):
    """A database that is away whenever the outcome of a post is to be kept, for some times."""

    times = 2

    async def write(self, work: Callable[[Connection], Awaitable[T]], key: str = "") -> T:
        if getattr(work, "func", None) is settling.settle and self.times:
            self.times -= 1
            raise Unavailable("away")
        return await super().write(work, key)


async def test_a_database_that_is_away_loses_no_outcome(here: Town) -> None:
    channel, away = await here.place(), Away(here.engine)
    id, process = await here.broadcast(CHANNEL), here.process(away)
    await process.look()
    await process.settled()
    assert await here.state(id) == (SENT, "")
    assert away.times == 0
    assert len(channel.messages) == 1


# ---- rights, moves, limits


@pytest.mark.parametrize("rights", [KICKED, WATCHES])
async def test_a_right_that_was_taken_away_closes_the_place_and_its_officer_is_told(here: Town, rights: object) -> None:
    channel = await here.place()
    one = guest("vi", "2019-12-01")
    async with here.engine.begin() as conn:
        await people.store(conn, one, Address("telegram", "101"))
        await conn.execute(update(outlet).values(added_by=one.id))
    channel.spot.rights = rights  # type: ignore[assignment]
    id, process = await here.broadcast(CHANNEL), here.process()
    await here.go(process, 3)
    assert await here.state(id) == ("failed", "no right")
    assert not (await here.outlet()).may_post
    async with here.engine.connect() as conn:
        assert list((await conn.execute(select(outbox.c.user))).scalars()) == ["101"]
    assert len(here.telegram.calls("sendMessage")) == 1
    other = await here.broadcast(CHANNEL)
    await here.go(process, 3)
    assert await here.state(other) == ("failed", "no right")
    assert len(here.telegram.calls("sendMessage")) == 1, "a closed place is not asked"


async def test_a_group_that_moved_gets_the_post_once_under_its_new_id(here: Town) -> None:
    group = await here.place(-4001, "group")
    group.spot.rights = MEMBER
    new = upgrade(here.telegram.chats, group, -1009, 101)
    old = "telegram:-4001"
    first, process = await here.broadcast(old), here.process()
    await here.go(process, 3)
    assert await here.state(first, old) == (SENT, "")
    assert len(new.messages) == 1
    async with here.engine.connect() as conn:
        assert [each.key for each in await outlets.listed(conn)] == [FACEBOOK, FEED, "telegram:-1009", ZALO]
    second = await here.broadcast(old)
    await here.go(process, 3)
    assert await here.state(second, old) == (SENT, ""), "what was approved under the old id goes to the new one"
    assert len(new.messages) == 2
    both = await here.broadcast(old, "telegram:-1009")
    await here.go(process, 3)
    assert await here.state(both, old) == ("failed", "twice")
    assert len(new.messages) == 3


async def test_twenty_a_minute_are_kept(here: Town) -> None:
    channel, process = await here.place(), here.process()
    here.telegram.methods.keep_pace(Pace())
    ids = [await here.broadcast(CHANNEL) for _ in range(24)]
    await here.go(process, 40, 3.0)
    assert {await here.state(id) for id in ids} == {(SENT, "")}
    assert len(channel.messages) == 24
    assert all(asked.status == 200 for asked in here.telegram.calls("sendMessage"))


async def test_a_platform_that_is_not_set_up_fails_and_says_so(here: Town) -> None:
    id, process = await here.broadcast(FACEBOOK, "telegram:-5"), here.process()
    process._doors = {FEED: process._doors[FEED]}
    await here.go(process, 3)
    assert await here.state(id, FACEBOOK) == ("failed", "off")
    assert await here.state(id, "telegram:-5") == ("failed", "off")
    full = here.process()
    await here.go(full, 1)
    await here.decide(postings.again, id, FACEBOOK)
    await here.go(full, 3)
    assert await here.state(id, FACEBOOK) == (SENT, "")
    assert not await here.decide(postings.again, id, FACEBOOK)
    await here.go(process, 3)
    assert not (await here.outlet(FACEBOOK)).may_post, "what is not set up any more is closed"


async def test_one_slow_place_holds_up_no_other(here: Town) -> None:
    channel = await here.place()
    here.facebook.fail(facebook.Fault("/feed", slow=5.0))
    id, process = await here.broadcast(FACEBOOK, CHANNEL), here.process()
    await process.look()
    await soon(lambda: len(channel.messages) == 1)
    assert (await here.at(id, FACEBOOK)).state == TRYING
    for task in process._work.values():
        task.cancel()


# ---- an Official Account


async def test_an_article_waits_for_the_morning(here: Town) -> None:
    here.to_hour(21, 58)
    id, process = await here.broadcast(ZALO), here.process()
    await here.go(process, 6, 60.0)
    posting = await here.at(id, ZALO)
    assert (posting.state, posting.step) == (WAITING, "tell")
    assert not here.zalo.calls(TELL)
    here.to_hour(6, 4)
    await here.go(process, 1, 61.0)
    assert not here.zalo.calls(TELL)
    await here.go(process, 2)
    assert await here.state(id, ZALO) == (SENT, "")
    assert len(here.zalo.api.broadcasts) == len(here.zalo.calls(CREATE)) == 1


async def test_each_step_of_an_article_is_kept_and_only_asking_is_repeated(here: Town) -> None:
    id, process = await here.broadcast(ZALO), here.process()
    here.zalo.fail(zalo_oa.Fault(VERIFY, lost=True))
    await here.go(process, 1, 0.0)
    token = (await here.at(id, ZALO)).external
    assert token in here.zalo.api.articles
    await process.doubt()
    assert (await here.at(id, ZALO)).state == WAITING, "between two steps nothing is in doubt"
    await here.go(here.process(), 12)
    assert await here.state(id, ZALO) == (SENT, "")
    assert len(here.zalo.calls(CREATE)) == 1
    assert [asked.code for asked in here.zalo.calls(VERIFY)][-1] == 0


async def test_an_article_whose_making_got_no_answer_is_in_doubt(here: Town) -> None:
    id, process = await here.broadcast(ZALO), here.process()
    here.zalo.fail(zalo_oa.Fault(CREATE, lost=True))
    await here.go(process, 4)
    assert await here.state(id, ZALO) == (UNKNOWN, "lost")
    assert len(here.zalo.calls(CREATE)) == 1
    assert not here.zalo.api.broadcasts


@pytest.mark.parametrize(
    ("path", "code", "reason"),
    [
        (TELL, -211, "quota error -211"),
        (TELL, -218, "quota error -218"),
        (CREATE, -224, "account error -224"),
        (CREATE, -216, "token"),
        (CREATE, -201, "error -201"),
        (TELL, -248, "error -248"),
    ],
)
async def test_a_refusal_of_zalo_is_the_reason(here: Town, path: str, code: int, reason: str) -> None:
    id, process = await here.broadcast(ZALO), here.process()
    here.zalo.fail(zalo_oa.Fault(path, code=code, times=2))
    await here.go(process)
    assert await here.state(id, ZALO) == ("failed", reason)
    assert not here.zalo.api.broadcasts
    here.zalo.faults.clear()
    assert await here.decide(postings.again, id, ZALO)
    await here.go(process)
    assert await here.state(id, ZALO) == (SENT, "")
    assert len(here.zalo.api.broadcasts) == 1
    assert len([asked for asked in here.zalo.calls(CREATE) if not asked.code]) == 1


async def test_a_quota_that_is_used_up_leaves_the_next_article_untold(here: Town) -> None:
    here.zalo.api.broadcasts_left = 1
    first, second = await here.broadcast(ZALO), await here.broadcast(ZALO)
    await here.go(here.process(), 20)
    assert {await here.state(first, ZALO), await here.state(second, ZALO)} == {
        *((SENT, ""), ("failed", "quota error -211")),
    }
    assert len(here.zalo.api.broadcasts) == 1


async def test_a_file_goes_as_an_address_where_no_file_is_taken(here: Town) -> None:
    channel = await here.place()
    pdf = Media("application/pdf", "to-gap.pdf", b"%PDF-1.7 mau")
    async with here.engine.begin() as conn:
        await posts.keep_media(conn, pdf)
    id = await here.broadcast(CHANNEL, FACEBOOK, ZALO, document=pdf.digest)
    await here.go(here.process())
    assert {await here.state(id, place) for place in (CHANNEL, FACEBOOK, ZALO)} == {(SENT, "")}
    link = f"to-gap.pdf: https://langnghe.example.vn/media/{pdf.digest}"
    assert link in here.facebook.posts[0].message
    assert link in str(here.zalo.calls(CREATE)[0].body["body"])
    assert channel.screen
    assert channel.screen.document == pdf.data


async def test_a_zalo_that_is_busy_is_asked_later(here: Town) -> None:
    id, process = await here.broadcast(ZALO), here.process()
    here.zalo.fail(zalo_oa.Fault(CREATE, code=-32))
    here.zalo.fail(zalo_oa.Fault(TELL, code=-32))
    await here.go(process, 12, 40.0)
    assert await here.state(id, ZALO) == (SENT, "")
    assert len(here.zalo.api.broadcasts) == 1


async def test_a_cover_is_a_card_of_ours_or_the_post_s_own_picture(here: Town) -> None:
    process = here.process()
    await here.broadcast(ZALO)
    own = Media("image/png", "anh.png", b"\x89PNG own")
    async with here.engine.begin() as conn:
        await conn.execute(insert(media), {"digest": own.digest, "kind": own.kind, "name": own.name, "data": own.data})
    alt = {"vi": "Ảnh", "en": "Photo"}
    await here.go(process, 4)
    await here.broadcast(ZALO, picture=own.digest, picture_alt=alt)
    await here.go(process, 4)
    covers = [asked.body["cover"]["photo_url"] for asked in here.zalo.calls(CREATE)]
    assert covers[0].startswith("https://langnghe.example.vn/cover/")
    assert covers[1] == f"https://langnghe.example.vn/media/{own.digest}"


async def test_without_an_address_on_the_public_web_no_article_is_made(here: Town) -> None:
    here.public_url = "http://127.0.0.1:8080"
    id, process = await here.broadcast(ZALO), here.process()
    await here.go(process, 2)
    assert await here.state(id, ZALO) == ("failed", "no cover")
    assert not here.zalo.asked
