"""After "clear", a phone shows nothing of what was answered: neither what was typed nor what was chosen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.foundation import lay
from bot.run import Running, open_door
from bot.settings import Settings
from conversations.places import Place
from locales import phrases
from models import answers, joining, people
from models.database import Connection
from models.messages import Address
from tests.platforms.telegram import FakeTelegram, Fault, Phone

CLEAR = "Xóa tin trả lời khỏi màn hình"
TYPED = "Nợ lương hai tháng, mong công đoàn hỏi giúp"
CHOSEN = (
    "Tiền lương",
    "Thu nhập",
    "Ổn định",
    "Đúng hạn",
    "Rất hài lòng",
    "Không hài lòng",
    "Không muốn trả lời",
    TYPED,
)


class Home:
    """A house in this process with a phone at it."""

    def __init__(self, running: Running, server: FakeTelegram) -> None:
        self.running, self.server = running, server
        self.phone = Phone(server, 4711)

    async def join(self) -> None:
        """Come by a link, agree, confirm the unit."""

        async def link(conn: Connection) -> str:
            tree = await self.running.house.tree(conn, date(2020, 1, 6))
            return await joining.make_link(conn, next(iter(tree.units)).id, datetime.now().astimezone())

        await self.phone.start(await self.running.writer.write(link))
        await self.phone.until("Đồng ý")
        await self.phone.tap("Đồng ý")
        await self.phone.until("đúng không")
        await self.tap_like("home")
        await self.tap_like("go:start")

    async def tap_like(self, action: str) -> None:
        """Tap the first button with such an action and wait for what comes."""
        version = self.phone.chat.version
        data = [str(button.get("callback_data")) for row in self.phone.screen.keyboard for button in row]
        self.phone.tap_data(next(each for each in data if each.partition(".")[2].startswith(action)))
        assert await self.phone.chat.changed(version, 10)

    async def say(self, text: str) -> None:
        """Type and wait for what comes."""
        version = self.phone.chat.version
        self.phone.say(text)
        assert await self.phone.chat.changed(version, 10)

    def offers(self, action: str) -> bool:
        """Whether the screen has a button with such an action."""
        data = [str(button.get("callback_data")) for row in self.phone.screen.keyboard for button in row]
        return any(each.partition(".")[2].startswith(action) for each in data)

    async def answer(self) -> None:
        """Answer everything, by turns with a tap and in words, up to the review."""
        await self.tap_like("q:doi-song")
        await self.tap_like("+")
        for turn in range(40):
            if self.offers("send"):
                return
            if self.offers("done"):
                await self.say("2")  # a tick that is typed: the screen that shows it is a new one
                await self.tap_like("done")
            elif self.offers("o:") and turn % 3 == 0:
                await self.say("1")
            elif self.offers("o:"):
                await self.tap_like("decline" if turn % 5 == 0 and self.offers("decline") else "o:")
            else:
                await self.say(TYPED)
        raise AssertionError(self.phone.screen.text)

    async def traces(self) -> tuple[int, ...]:
        """What is kept of the messages."""

        async def read(conn: Connection) -> tuple[int, ...]:
            person = await people.find(conn, Address("telegram", "4711"))
            assert person is not None
            found = await answers.find(conn, self.running.house.keys, person.id, "doi-song")
            return Place.from_json(found.record).traces if found.record else ()

        return await self.running.writer.write(read)

    def shows(self) -> list[str]:
        """Which of the answers can be read on the phone."""
        title = self.running.house.pack.questionnaires["doi-song"].title.in_("vi")
        seen = self.phone.chat.seen.replace(title, "")
        return [answer for answer in CHOSEN if answer in seen]


def content(folder: Path) -> bytes:
    """Every byte of the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@asynccontextmanager
async def opened(folder: Path, server: FakeTelegram) -> AsyncIterator[Running]:
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        as_of=date(2020, 1, 6),
        web_port=0,
        telegram_token=SecretStr(server.token),
        telegram_base_url=server.base_url,
    )
    running = Running(await lay(settings), open_door(settings))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with FakeTelegram() as server, opened(tmp_path, server) as running:
        home = Home(running, server)
        await home.join()
        yield home
        assert server.complaints == []


async def test_after_the_button_the_phone_shows_no_answer(home: Home) -> None:
    await home.answer()
    assert TYPED in home.shows()
    await home.tap_like("send")
    assert "Đã ghi nhận" in home.phone.screen.text
    assert home.phone.screen.edits > 0
    await home.phone.tap(CLEAR)
    await home.phone.until("Đã xóa khỏi màn hình")
    assert home.shows() == []
    assert await home.traces() == ()


async def test_the_review_gives_way_to_the_receipt(home: Home) -> None:
    await home.answer()
    review = home.phone.screen
    await home.tap_like("send")
    assert home.phone.screen is review
    assert TYPED not in review.text


async def test_the_ids_of_messages_stand_sealed_and_nowhere_else(home: Home, tmp_path: Path) -> None:
    home.server.chats.jump(987_654_000)
    await home.answer()
    assert [trace for trace in await home.traces() if trace > 987_654_000] != []
    await home.tap_like("send")
    assert b"987654" not in content(tmp_path)


async def test_own_data_can_be_cleared_away_as_well(home: Home) -> None:
    await home.answer()
    await home.tap_like("send")
    await home.say("/mydata")
    await home.say("/mydata")
    assert home.phone.chat.seen.count(TYPED) >= 3
    await home.tap_like("clear")
    assert home.shows() == []


async def test_after_forget_nothing_is_left_to_read(home: Home) -> None:
    await home.answer()
    await home.say("/forget")
    await home.tap_like("erase")
    await home.phone.until("Đã xóa hết")
    assert home.shows() == []


async def test_what_is_older_than_two_days_stays_and_nothing_is_refused(home: Home) -> None:
    await home.answer()
    home.server.clock.skip(timedelta(hours=48).total_seconds())
    await home.tap_like("send")
    await home.tap_like("clear")
    await home.phone.until("Tin cũ hơn, nếu còn, anh/chị tự xóa")
    assert TYPED in home.shows()
    assert await home.traces() == ()


async def test_a_pause_of_the_platform_delays_it_and_a_lost_answer_repeats_it(home: Home) -> None:
    await home.answer()
    await home.tap_like("send")
    home.server.fail(Fault("deleteMessages", lost=True))
    await home.phone.tap(CLEAR)
    await home.phone.until("Đã xóa khỏi màn hình", 30)
    assert home.shows() == []
    assert len(home.server.calls("deleteMessages")) == 2


async def test_a_question_that_was_answered_in_words_alone_may_stay_and_shows_no_answer(home: Home) -> None:
    await home.tap_like("q:doi-song")  # nothing is kept of who only looks at a question, so its message is not known
    question = home.phone.screen
    await home.say("tiền lương")
    await home.tap_like("done")
    await home.say("/mydata")
    await home.tap_like("clear")
    left = [message for message in home.phone.chat.messages.values() if "Tiền lương" in message.text]
    assert left == [question]
    assert "✅" not in home.phone.chat.seen


async def test_words_that_chose_nothing_are_cleared_away_too(home: Home) -> None:
    await home.tap_like("q:doi-song")
    await home.say(TYPED)
    assert home.shows() != []
    await home.say("/mydata")
    await home.tap_like("clear")
    assert TYPED not in home.phone.chat.seen


def test_the_words_for_it_are_short_enough_for_a_button() -> None:
    assert all(len(phrases.load().say(language, "receipt.clear")) <= 30 for language in ("vi", "en"))
