"""What each platform would refuse of a message, laid out as each channel lays it out.

Limits: Bot API of Telegram (4,096 and 1,024 characters after formatting, 64 bytes a button, 100 buttons, 8 in a row,
pictures of 10 MB whose sides are 10,000 together and at most 20 to 1); Zalo Bot 2,000 characters; Zalo OA 2,000, with
five buttons at most whose titles have 35 and whose payloads have 1,000 characters. "Characters" are UTF-16 units.
The web has no platform; an event must come through a slow line.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bot.channels import telegram_screens, zalo_bot, zalo_oa_screens
from bot.channels.web import render as web_render
from bot.channels.web_chat import event
from models.messages import Outbound
from tests.platforms import telegram_rules, zalo_bot_rules, zalo_oa_rules

EVENT, PICTURE = 256 * 1024, 1024 * 1024  # bytes of an event on the web, without and with a picture
DELETED, PHOTO, SIDES, SLIM = 100, 10 * 1024 * 1024, 10_000, 20
TITLE = 35  # UTF-16 units on a button of an Official Account
Refusals = (telegram_rules.Refusal, zalo_bot_rules.Refusal, zalo_oa_rules.Refusal)


def refused(outbound: Outbound) -> Iterator[str]:
    """Say everything that any platform would not take, with the platform's name."""
    for name, laid_out in PLATFORMS.items():
        for check in laid_out(outbound):
            try:
                fault = check()
            except Refusals as refusal:
                fault = str(refusal.args)
            if fault:
                yield f"{name}: {fault}"


Check = Callable[[], str]


def _telegram(outbound: Outbound) -> Iterator[Check]:
    for call in telegram_screens.render(outbound):
        yield partial(_call, call)
        again = telegram_screens.in_words(call)
        if again:
            yield partial(_call, again)


def _call(call: telegram_screens.Call) -> str:
    asked: dict[str, Any] = call.parameters
    telegram_rules.named(call.method, asked | ({"photo": call.png} if call.png else {}))
    telegram_rules.keyboard(asked.get("reply_markup"))
    if call.method == telegram_screens.DELETE:
        return "" if 0 < len(asked["message_ids"]) <= DELETED else "too many to delete at once"
    mode = asked.get("parse_mode", "")
    if call.png:
        telegram_rules.shown(asked.get("caption"), mode, telegram_rules.MAX_CAPTION)
        return _picture(call.png)
    text, _ = telegram_rules.shown(asked["text"], mode, telegram_rules.MAX_TEXT)
    telegram_rules.shown(call.plain, "", telegram_rules.MAX_TEXT)
    return "" if visible(text) else "nothing can be seen"


def _picture(png: bytes) -> str:
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    fits = len(png) <= PHOTO and wide + high <= SIDES and max(wide, high) <= SLIM * min(wide, high)
    return "" if fits else f"a picture of {wide} x {high} and {len(png)} bytes"


def _zalo_bot(outbound: Outbound) -> Iterator[Check]:
    for text in zalo_bot.pieces(outbound):
        yield partial(_text, text)


def _text(text: str) -> str:
    return "" if visible(zalo_bot_rules.words(text)) else "nothing can be seen"


def _zalo_oa(outbound: Outbound) -> Iterator[Check]:
    for buttons in (True, False):
        for body in zalo_oa_screens.bodies(outbound, buttons=buttons):
            yield partial(_body, body["message"])


def _body(message: dict[str, Any]) -> str:
    if not visible(zalo_oa_rules.text_of(message)):
        return "nothing can be seen"
    buttons = zalo_oa_rules.buttons_of(message["attachment"]["payload"]) if "attachment" in message else []
    long = [button["title"] for button in buttons if zalo_oa_rules.units(button["title"]) > TITLE]
    return f"titles are too long: {long}" if long else ""


def _web(outbound: Outbound) -> Iterator[Check]:
    most = PICTURE if outbound.picture else EVENT
    size = len(event(1, web_render(1, outbound)))
    yield lambda: "" if size <= most else f"an event has {size} bytes"


def visible(text: str) -> bool:
    """Tell whether anything is to be seen: a letter, a number, a sign."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


PLATFORMS: dict[str, Callable[[Outbound], Iterator[Check]]] = {
    "telegram": _telegram,
    "zalo-bot": _zalo_bot,
    "zalo-oa": _zalo_oa,
    "web": _web,
}
