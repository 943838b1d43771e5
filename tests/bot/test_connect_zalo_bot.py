"""A house at work with a Zalo Bot: a whole questionnaire in words and numbers by each way in, and its plan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.channels.zalo_bot import NAME
from bot.connect_zalo_bot import connect
from bot.foundation import lay
from bot.meter import Meter, Thrifty
from bot.outcomes import Outcome, Refused, Sent
from bot.run import Running, open_door
from bot.settings import OperatorError, Settings
from conversations.interview import walk
from conversations.options import Shown
from conversations.places import READ, Answer, Place
from conversations.questions import Questionnaire
from models import answers, budget, joining, people
from models.database import Connection
from models.messages import Address, Outbound
from tests.platforms.clock import soon
from tests.platforms.zalo_bot import TOKEN, FakeZaloBot, Fault, Phone
from tests.walks.plan import CANARY, planned
from tests.walks.product import free_port
from tests.walks.reading import label, mark

AS_OF = date(2020, 1, 6)
SECRET = "canary-secret_of-the-hook"
FORM = "doi-song"


def settings(folder: Path, server: FakeZaloBot, mode: str, **more: Any) -> Settings:
    port = free_port()
    return Settings(
        _env_file=None,
        data_dir=folder,
        as_of=AS_OF,
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
        zalo_bot_token=SecretStr(TOKEN),
        zalo_bot_base_url=server.base_url,
        zalo_bot_mode=mode,
        zalo_bot_webhook_secret=SecretStr(SECRET),
        **more,
    )


@asynccontextmanager
async def opened(given: Settings) -> AsyncIterator[Running]:
    running = Running(await lay(given), open_door(given))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def link(running: Running) -> str:
    """The token of a unit's join link."""

    async def made(conn: Connection) -> str:
        tree = await running.house.tree(conn, AS_OF)
        unit = next(unit.id for unit in tree.post_order() if unit.kind.startswith("cdcs"))
        return await joining.make_link(conn, unit, running.foundation.now())

    return await running.writer.write(made)


@dataclass
class Person:
    """Somebody who answers by a plan, typing what stands on the phone."""

    phone: Phone
    form: Questionnaire
    meant: dict[str, Answer]

    async def say(self, words: str) -> None:
        """Type, and wait until the answer stands there whole."""
        self.phone.say(words)
        await self.phone.next_screen()
        while await self.phone.chat.changed(self.phone.chat.version, 0.2):
            pass

    async def choose(self, face: str) -> None:
        """Type the number or the word of something that stands there."""
        await self.say(self.phone.choices[face])

    async def come(self, words: str) -> None:
        """Come by a link, agree, and confirm the unit."""
        await self.say(words)
        await self.choose("Đồng ý")
        await self.choose(next(face for face in self.phone.choices if face.endswith(self.form.title.in_("vi"))))
        if "Bắt đầu" in self.phone.choices:
            await self.choose("Bắt đầu")

    async def answer(self) -> None:
        """Answer every question, and send."""
        for _ in range(60):
            if "Gửi" in self.phone.choices:
                await self.choose("Gửi")
                return
            await self._step(self._asked())
        raise AssertionError(self.phone.text)

    def _asked(self) -> Shown:
        found = [step for step in self.form.steps if mark(step) in self.phone.text]
        assert found, self.phone.text
        return max(found, key=lambda step: len(mark(step)))

    async def _step(self, step: Shown) -> None:
        answer = self.meant[step.id]
        if answer == READ:
            await self.choose("Tiếp tục")
        elif not answer.given:
            await self.choose("Không muốn trả lời" if answer.declined else "Bỏ qua")
        elif step.kind == "several":
            numbers = [self.phone.choices[self._face(step, id)] for id in answer.value]
            await self.say(", ".join(numbers))
            await self.say("xong")
        elif step.kind == "words":
            await self.say(str(answer.value))
        else:
            await self.choose(self._face(step, str(answer.value)))

    def _face(self, step: Shown, id: str) -> str:
        """How an option stands there: by its label, or whole where the label is a shorter one."""
        face = label(step, f"o:{id}")
        return face if face in self.phone.choices else step.keys()[id].in_("vi")


async def kept(running: Running, phone: Phone, form: str) -> dict[str, Answer]:
    """What the record holds."""

    async def read(conn: Connection) -> dict[str, Answer]:
        person = await people.find(conn, Address(NAME, phone.chat.user))
        assert person is not None
        found = await answers.find(conn, running.house.keys, person.id, form)
        assert found.record is not None
        return dict(Place.from_json(found.record).answers)

    return await running.writer.write(read)


async def told(running: Running, path: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{running.port}{path}") as answer:
        return await answer.text()


@pytest.mark.parametrize(("mode", "number"), [("webhook", 1), ("webhook", 2), ("polling", 1)])
async def test_a_questionnaire_is_walked_in_words_and_numbers(
    tmp_path: Path, mode: str, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeZaloBot() as server, opened(settings(tmp_path, server, mode)) as running:
        await soon(lambda: (server.hook is not None) == (mode == "webhook") and bool(server.calls("getMe")))
        if server.delivery is not None:
            server.delivery.again = 0.3  # B13
        form = running.house.pack.questionnaires[FORM]
        meant = planned(number, dict(running.house.pack.questionnaires)).final[FORM]
        person = Person(Phone(server, "mai"), form, meant)
        await person.come(f"{running.foundation.settings.address}/join/{await link(running)}")
        await person.answer()
        assert "Đã ghi nhận" in person.phone.text
        assert await kept(running, person.phone, FORM) == walk(form, meant)[1]
        sent = len(person.phone.chat.history)
        month = f"{running.foundation.now():%Y-%m}"
        assert await running.writer.write(lambda conn: budget.sent(conn, NAME, month)) == sent
        assert '"zalo-bot": true' in await told(running, "/readyz")
        assert running.road.failed == 0
        assert server.complaints == []
        assert server.most_polls == (mode == "polling")
        print(f"{mode}: {sent} messages for a questionnaire of {len(form.steps)} steps")
    for secret in (TOKEN, SECRET, CANARY, person.phone.chat.user):
        assert secret not in caplog.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_zalo_that_is_away_delays_nobody_and_is_named(tmp_path: Path) -> None:
    async with FakeZaloBot() as server:
        server.fail(Fault("", 502, b"<html>", times=10_000))
        async with opened(settings(tmp_path, server, "polling")) as running:
            assert await told(running, "/healthz") == "ok\n"
            assert '"zalo-bot": false' in await told(running, "/readyz")


async def test_a_webhook_that_cannot_be_opened_is_refused_at_the_start(tmp_path: Path) -> None:
    async with FakeZaloBot() as server:
        given = settings(tmp_path, server, "webhook").model_copy(update={"zalo_bot_webhook_secret": SecretStr("short")})
        running = Running(await lay(given), open_door(given))
        with pytest.raises(OperatorError, match="ZALO_BOT_WEBHOOK_SECRET"):
            await connect(running.ground)
        running.writer.start()
        await running.stop()
        running.door.close()


# ---- the plan


class Taking:
    """A platform that takes everything."""

    def __init__(self) -> None:
        self.took: list[str] = []

    async def send(self, outbound: Outbound) -> Outcome:
        self.took.append(outbound.text)
        return Sent()


async def test_the_plan_is_watched_warned_of_and_at_its_end_kept_for_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeZaloBot() as server, opened(settings(tmp_path, server, "polling")) as running:
        meter = Meter(running.ground, NAME, monthly=10, most_users=5)
        taking = Taking()
        sender = Thrifty(taking, meter)
        live, post = Outbound(Address(NAME, "a"), "trả lời"), Outbound(Address(NAME, "a"), "tin", lane="broadcast")
        for sent, outcome in ((7, Sent()), (8, Sent()), (10, Refused("the plan's messages of this month are used up"))):
            used = meter.state.sent
            await running.writer.write(lambda conn, more=sent - used: meter.count(conn, more))  # type: ignore[misc]
            await meter.look()
            assert meter.state.sent == sent
            assert await sender.send(live) == Sent()
            assert await sender.send(post) == outcome
        warnings = [record for record in caplog.records if "plan comes to its end" in record.message]
        assert [vars(record)["sent"] for record in warnings] == [8, 10]
        assert 'langnghe_channel_plan{channel="zalo-bot",of="sent"} 10.0' in await told(running, "/metrics")
        assert '"plans": {"zalo-bot": {"sent": 10, "monthly": 10, "users": 0, "most_users": 5}}' in await told(
            running, "/readyz"
        )
