"""What Telegram is given: one Outbound becomes one or more Bot API calls. Pure; limits as in the Bot API reference.

Options are buttons of their own while their labels fit a phone; longer ones are numbered in the text and the buttons
carry the numbers. The ready button of a list of ticks keeps its own label. Navigation always stands in the last rows.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from bot.channels.parts import parts, utf16
from models.messages import Button, Document, Outbound

MAX_TEXT = 4096
MAX_CAPTION = 1024
PART = 3500  # room for what the title and the banner add
MAX_BUTTONS = 100
MAX_DELETED = 100  # ids in one call
DELETE = "deleteMessages"
LABEL = 30  # longer labels are cut off on a phone of 360 px
SHORT_LABEL = 14  # two of these fit side by side
TICKS = {None: "", True: "✅ ", False: "⬜ "}
OPENS = re.compile(r"https?://[^/?#]+\.[^/?#]+|tg://")
QUOTED = re.compile(r"\"|(?<!\w)'")  # the apostrophe of "can't" quotes nothing

Row = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a Bot API method, its parameters, a file, and the words without markup as a second try.

    What is `in_place` changes a message that is there, and is nothing where that is gone.
    """

    method: str
    parameters: dict[str, Any]
    plain: str = ""
    png: bytes = b""
    document: Document | None = None
    in_place: bool = False


def render(outbound: Outbound) -> list[Call]:
    """Lay one message out as calls, to be made in order; deletions go first, the keyboard hangs on the last words."""
    erased = _deletions(outbound)
    return erased if erased and not outbound.text else [*erased, *map(_hushed(outbound), _shown(outbound))]


def _hushed(outbound: Outbound) -> Callable[[Call], Call]:
    silent = {"disable_notification": True} if outbound.quiet else {}

    def hushed(call: Call) -> Call:
        return replace(call, parameters=call.parameters | silent) if call.method.startswith("send") else call

    return hushed


def _deletions(outbound: Outbound) -> list[Call]:
    numbers = [int(id) for id in outbound.deletes]
    pages = [numbers[at : at + MAX_DELETED] for at in range(0, len(numbers), MAX_DELETED)]
    return [Call(DELETE, {"chat_id": outbound.to.user, "message_ids": page}) for page in pages]


def _shown(outbound: Outbound) -> list[Call]:
    options = [button for row in outbound.buttons for button in row if button.number is not None]
    nav = [button for row in outbound.buttons for button in row if button.number is None]
    unreachable = [button for button in (*options, *nav) if button.url and not opens(button.url)]
    ready = [button for button in options if button.chosen is None] if any(map(_ticked, options)) else []
    listed = [b for b in options if b not in ready] if any(len(b.label) > LABEL for b in options) else []
    body = "\n\n".join(filter(None, (outbound.text, _listing(listed), _links(unreachable))))
    shown = [b for b in options if b not in unreachable and b not in ready][: MAX_BUTTONS - len(nav) - len(ready)]
    keyboard = _numbers(shown) if listed else _labels(shown)
    keyboard += _rows([_button(b, _face(b)) for b in ready], 1)
    keyboard += _rows([_button(b, _face(b)) for b in nav if b not in unreachable], 3)
    lay_out = _changed if outbound.in_place else _laid_out
    return lay_out(outbound, _marked(outbound, body), keyboard)


def opens(url: str) -> bool:
    """Tell whether Telegram takes this address on a button: it refuses names without a dot, such as localhost."""
    return bool(OPENS.match(url))


def second_try(call: Call, refusal: str) -> Call | None:
    """Find what to send after Telegram refused `call` with a 400: less markup, a new message, words."""
    if "can't parse entities" in refusal.lower() and "parse_mode" in call.parameters:
        return _unmarked(call)
    if call.method == "editMessageText" and not call.in_place:
        return replace(call, method="sendMessage", parameters=_without(call.parameters, "message_id"))
    return in_words(call)


def in_words(call: Call) -> Call | None:
    """Give the words of a picture that Telegram does not take; None for a call that has no picture."""
    if not call.png:
        return None
    kept = _without(call.parameters, "caption", "parse_mode")
    return Call("sendMessage", {**kept, "text": call.plain}, call.plain)


def unquoted(refusal: str) -> str:
    """Cut a refusal where it begins to quote, since that may be the message, so that it can be logged."""
    said = QUOTED.split(refusal, maxsplit=1)
    return said[0][:200] + "…" * (len(said) > 1)


def _changed(outbound: Outbound, marked: list[tuple[str, str]], keyboard: list[Row]) -> list[Call]:
    """One message that takes the place of another and nothing beside it; none where it would be more than one."""
    if outbound.picture is not None or len(marked) != 1 or not outbound.edits:
        return []
    call = _text(outbound.to.user, *marked[0], outbound.edits)
    parameters = call.parameters | ({"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {})
    return [replace(call, parameters=parameters, in_place=True)]


def _laid_out(outbound: Outbound, marked: list[tuple[str, str]], keyboard: list[Row]) -> list[Call]:
    calls: list[Call] = []
    if outbound.picture is not None:
        alt, (caption, plain) = outbound.picture.alt, marked[0]
        alone = len(marked) > 1 or utf16(plain) > MAX_CAPTION
        caption = _escape(parts(alt, MAX_CAPTION)[0]) if alone else caption
        words = alt if alone or alt in plain else f"{plain}\n\n{alt}".strip()
        calls.append(_photo(outbound.to.user, caption, Call("", {}, words, outbound.picture.png)))
        marked = marked if alone else []
    edits = "" if calls else outbound.edits
    for html, plain in marked:
        calls.append(_text(outbound.to.user, html, plain, edits))
        edits = ""
    if keyboard:
        calls[-1] = replace(
            calls[-1], parameters={**calls[-1].parameters, "reply_markup": {"inline_keyboard": keyboard}}
        )
    if outbound.document is not None:
        calls.append(Call("sendDocument", {"chat_id": outbound.to.user}, document=outbound.document))
    return calls


def _text(chat: str, html: str, plain: str, edits: str) -> Call:
    parameters: dict[str, Any] = {"chat_id": chat}
    if edits:
        parameters["message_id"] = edits
    parameters |= {"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return Call("editMessageText" if edits else "sendMessage", parameters, plain)


def _photo(chat: str, caption: str, picture: Call) -> Call:
    words = {"caption": caption, "parse_mode": "HTML"} if caption else {}
    return replace(picture, method="sendPhoto", parameters={"chat_id": chat, **words})


def _marked(outbound: Outbound, body: str) -> list[tuple[str, str]]:
    """Give the parts of a message as (HTML, the same without markup); banner and title stand on the first."""
    head = [outbound.banner] if outbound.banner else []
    title = outbound.title
    whole = "\n\n".join(filter(None, (*head, title, body)))
    pieces = [body] if utf16(whole) <= MAX_TEXT else parts(body, PART)
    shown = []
    for index, piece in enumerate(pieces):
        before, name = (head, title) if index == 0 else ([], "")
        plain = "\n\n".join(filter(None, (*before, name, piece)))
        html = "\n\n".join(
            filter(None, (*map(_escape, before), f"<b>{_escape(name)}</b>" if name else "", _escape(piece)))
        )
        shown.append((html, plain))
    return shown


def _numbers(options: list[Button]) -> list[Row]:
    return _rows([_button(b, f"{TICKS[b.chosen]}{b.number}") for b in options], 5)


def _labels(options: list[Button]) -> list[Row]:
    short = len(options) > 3 and all(len(button.label) <= SHORT_LABEL for button in options)
    return _rows([_button(b, _face(b)) for b in options], 2 if short else 1)


def _ticked(button: Button) -> bool:
    return button.chosen is not None


def _button(button: Button, face: str) -> dict[str, str]:
    shown = {"text": face} | ({"url": button.url} if button.url else {"callback_data": button.tap})
    return shown | ({"style": button.style} if button.style in ("primary", "danger") else {})


def _face(button: Button) -> str:
    return TICKS[button.chosen] + button.label


def _listing(options: list[Button]) -> str:
    return "\n".join(f"{button.number}. {_face(button)}" for button in options)


def _links(buttons: list[Button]) -> str:
    return "\n".join(f"{button.label}: {button.url}" for button in buttons)


def _rows(buttons: Row, width: int) -> list[Row]:
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]


def _unmarked(call: Call) -> Call:
    words = "caption" if "caption" in call.parameters else "text"
    return replace(call, parameters=_without(call.parameters, "parse_mode") | {words: call.plain})


def _without(parameters: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in names}


def _escape(text: str) -> str:
    return escape(text, quote=False)
