"""What people see of the bot before they write: its commands and descriptions, per language and per chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.channels.telegram_failures import rest_after
from bot.channels.telegram_screens import unquoted

LOG = logging.getLogger(__name__)
WORKERS = {"type": "all_private_chats"}

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands with their descriptions, and what the bot says of itself before Start, in one language.

    `language` "" is for everybody whose language has no menu of its own. Limits: 100 commands of 1-32 letters,
    described in 1-256 characters; `description` 512, `short` 120.
    """

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str = ""
    short: str = ""


async def set_menus(call: Call, menus: Sequence[Menu], scope: dict[str, str] | None = None) -> None:
    """Set each menu for all private chats, or for the chat that `scope` names; tries until it is done."""
    for menu in menus:
        await until_done(partial(_set_menu, call, menu, scope or WORKERS))


async def drop_menus(call: Call, menus: Sequence[Menu], scope: dict[str, str]) -> None:
    """Take the menus away that a chat was given of its own; it shows everybody's again."""
    for menu in menus:
        await until_done(partial(call, "deleteMyCommands", {"scope": scope} | _language(menu)))


async def until_done(act: Callable[[], Awaitable[object]]) -> None:
    """Do it, as often as it takes; what Telegram refuses for good is logged and left."""
    tries = 0
    while True:
        try:
            await act()
        except (BadRequest, Forbidden) as refusal:
            LOG.error("telegram refused a setting: %s", unquoted(str(refusal)))
        except TelegramError as failure:
            tries += 1
            LOG.warning("telegram does not answer: %s", type(failure).__name__)
            await asyncio.sleep(rest_after(failure, tries))
            continue
        return


async def _set_menu(call: Call, menu: Menu, scope: dict[str, str]) -> None:
    language = _language(menu)
    commands = [{"command": name, "description": told} for name, told in menu.commands]
    await call("setMyCommands", {"commands": commands, "scope": scope} | language)
    if menu.description:
        await call("setMyDescription", {"description": menu.description} | language)
    if menu.short:
        await call("setMyShortDescription", {"short_description": menu.short} | language)


def _language(menu: Menu) -> dict[str, str]:
    return {"language_code": menu.language} if menu.language else {}
