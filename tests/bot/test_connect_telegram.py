"""What connecting adds to Telegram: menus for everybody, and for an officer's chat a menu of its own."""

from datetime import UTC, datetime
from pathlib import Path

from bot.channels.session import open_session
from bot.channels.telegram import NAME, Access, Telegram
from bot.connect_telegram import Menued, menus
from bot.outcomes import Sent
from conversations import packs
from handlers.house import House
from locales import phrases
from models.keys import Keys
from models.messages import Address, Outbound
from tests.platforms.clock import soon
from tests.platforms.telegram import FakeTelegram, Phone

PACK = Path(__file__).parent.parent.parent / "conversations" / "campaigns" / "kh136"


def house(folder: Path) -> House:
    """A house with the shipped pack."""
    return House(packs.load(PACK), phrases.load(), Keys.open(folder / "keys.json"))


def test_workers_are_offered_no_officers_command_in_any_language(tmp_path: Path) -> None:
    for menu in menus(house(tmp_path)):
        names = [name for name, _ in menu.commands]
        assert "start" in names
        assert "summary" not in names
        assert menu.description
        assert all(about for _, about in menu.commands)
    assert [menu.language for menu in menus(house(tmp_path))] == ["", "en"]


async def test_a_role_that_begins_or_ends_changes_the_menu_of_that_chat_alone(tmp_path: Path) -> None:
    async with FakeTelegram() as server, open_session() as session:
        telegram = Telegram(Access(server.token, server.base_url), session, lambda: datetime.now(UTC))
        sender = Menued(telegram, house(tmp_path))
        phone = Phone(server, 7)
        await phone.send("/start")
        to = Address(NAME, "7")
        assert isinstance(await sender.send(Outbound(to, "vai trò", role="officer")), Sent)
        await soon(lambda: len(server.calls("setMyCommands")) == 2)
        for asked in server.calls("setMyCommands"):
            assert asked.parameters["scope"] == {"type": "chat", "chat_id": "7"}
            assert "summary" in {command["command"] for command in asked.parameters["commands"]}
        assert isinstance(await sender.send(Outbound(to, "hết vai trò", role="worker")), Sent)
        await soon(lambda: len(server.calls("deleteMyCommands")) == 2)
        assert isinstance(await sender.send(Outbound(to, "tin thường")), Sent)
        assert len(server.calls("setMyCommands")) == 2
        await telegram.close()
