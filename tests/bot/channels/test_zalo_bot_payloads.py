"""What a Zalo Bot is brought and what it sends, as files: one payload a case, with made-up people."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.invited import invitation
from bot.channels.parts import utf16
from bot.channels.zalo_bot import MAX_TEXT, NAME, can, pieces
from bot.channels.zalo_bot_updates import MEDIA, TEXT, parse
from models.messages import Address, Button, Inbound, Outbound, Picture
from tests.platforms.zalo_bot_rules import words

PAYLOADS = Path(__file__).parents[2] / "payloads" / "zalo-bot"
AT = datetime(2020, 1, 6, 8, tzinfo=UTC)
FIELDS = ["ok", "result", "event_name", "message", "message_id", "chat", "from", "id", "text", "chat_type", "is_bot"]


def cases(folder: str) -> list[Any]:
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in sorted((PAYLOADS / folder).iterdir())]


@pytest.mark.parametrize("case", cases("heard"))
def test_an_event_is_heard(case: dict[str, Any]) -> None:
    wanted = case["inbound"]
    if wanted is not None:
        wanted = Inbound(wanted.pop("id"), Address(NAME, wanted.pop("user")), AT, **wanted)
    assert parse(case["update"], AT) == wanted


@pytest.mark.parametrize("case", cases("sent"))
def test_a_message_is_written(case: dict[str, Any]) -> None:
    texts = pieces(outbound_of(case["outbound"]))
    assert texts == case["texts"]
    for text in texts:
        words(text)


def outbound_of(told: dict[str, Any]) -> Outbound:
    buttons = tuple(tuple(Button(**{"tap": "", **button}) for button in row) for row in told.pop("buttons", ()))
    picture = told.pop("picture", None)
    shown = Picture(picture["png"].encode("latin-1"), picture["alt"]) if picture else None
    to, deletes = Address(NAME, told.pop("to")), tuple(told.pop("deletes", ()))
    return Outbound(to, told.pop("text"), buttons=buttons, picture=shown, deletes=deletes, **told)


def test_the_channel_promises_only_what_the_platform_has() -> None:
    assert (can.buttons, can.edit, can.photo, can.document, can.erase, can.max_text) == (*[False] * 4, "", MAX_TEXT)


@given(st.text(max_size=5000), st.text(max_size=50), st.text(max_size=500))
def test_every_part_fits_the_platform(text: str, title: str, label: str) -> None:
    for piece in pieces(Outbound(Address(NAME, "a"), text * 3, title, ((Button(label, "1.o:a", 1),),))):
        assert 1 <= utf16(piece) <= MAX_TEXT
        assert piece.strip()


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(FIELDS)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=6),
    max_leaves=25,
)


@given(anything)
def test_no_json_makes_parse_raise(payload: Any) -> None:
    parse(payload, AT)


@given(anything, st.sampled_from([TEXT, *MEDIA]))
def test_no_inner_json_makes_parse_raise(payload: Any, event: str) -> None:
    message = {"message_id": "m", "chat": {"id": "a", "chat_type": "PRIVATE"}, "from": payload, "text": payload}
    heard = parse({"event_name": event, "message": message}, AT)
    assert heard is None or heard.sender == Address(NAME, "a")
    assert parse({"event_name": event, "message": {**message, "message_id": 10**5000}}, AT) is None


@given(st.text(max_size=5000))
def test_no_text_holds_up_the_search_for_an_invitation(text: str) -> None:
    invitation(text)
    invitation("/start " + text)
    invitation("https://" + "/join" * 800 + text)
