"""What Telegram sends and must be sent, as files: one payload a case, with made-up people."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parts import parts, utf16
from bot.channels.telegram_screens import DELETE, MAX_DELETED, Call, opens, render, second_try, unquoted
from bot.channels.telegram_updates import callback_id, parse, update_number
from models.messages import Address, Button, File, Inbound, Outbound, Picture, Place
from tests.platforms.telegram_rules import MAX_CAPTION, MAX_TEXT, Refusal, keyboard, named, shown

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
AT = datetime(2020, 1, 6, 8, tzinfo=UTC)
FIELDS = ["message", "callback_query", "my_chat_member", "chat", "from", "id", "text", "data", "type", "update_id"]
FIELDS += ["message_id", "language_code", "status", "photo", "venue", "new_chat_member", "title", "migrate_to_chat_id"]
FIELDS += ["channel", "group", "supergroup", "administrator", "can_post_messages"]


def cases(folder: str) -> list[Any]:
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in sorted((PAYLOADS / folder).iterdir())]


@pytest.mark.parametrize("case", cases("heard"))
def test_an_update_is_heard(case: dict[str, Any]) -> None:
    wanted = case["inbound"]
    if wanted is not None:
        if "place" in wanted:
            wanted["place"] = Place(**wanted["place"])
        if "file" in wanted:
            wanted["file"] = File(**wanted["file"])
        wanted = Inbound(wanted.pop("id"), Address("telegram", wanted.pop("user")), AT, **wanted)
    assert parse(case["update"], AT) == wanted


@pytest.mark.parametrize("case", cases("sent"))
def test_a_message_is_laid_out(case: dict[str, Any]) -> None:
    calls = render(outbound_of(case["outbound"]))
    assert [{"method": call.method, "parameters": call.parameters} for call in calls] == [
        {"method": call["method"], "parameters": call["parameters"]} for call in case["calls"]
    ]
    for call in calls:
        accepted(call)


def outbound_of(told: dict[str, Any]) -> Outbound:
    buttons = tuple(tuple(Button(**{"tap": "", **button}) for button in row) for row in told.pop("buttons", ()))
    picture = told.pop("picture", None)
    shown = Picture(picture["png"].encode("latin-1"), picture["alt"]) if picture else None
    to, deletes = Address("telegram", told.pop("to")), tuple(told.pop("deletes", ()))
    return Outbound(to, told.pop("text"), buttons=buttons, picture=shown, deletes=deletes, **told)


def accepted(call: Call) -> None:
    """Pass the limits of the Bot API, as far as a chat is not needed to know them."""
    files = {"photo": call.png} if call.png else {}
    named(call.method, call.parameters | files)
    if call.method == DELETE:
        assert 1 <= len(call.parameters["message_ids"]) <= MAX_DELETED
        return
    if call.png:
        shown(call.parameters.get("caption"), str(call.parameters.get("parse_mode", "")), MAX_CAPTION)
    else:
        shown(call.parameters["text"], str(call.parameters.get("parse_mode", "")), MAX_TEXT)
    keyboard(call.parameters.get("reply_markup"))


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(FIELDS)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=6),
    max_leaves=25,
)


@given(anything)
def test_no_json_makes_parse_raise(payload: Any) -> None:
    parse(payload, AT)
    callback_id(payload)
    assert update_number(payload) >= -1


@given(anything, st.sampled_from(("message", "callback_query", "my_chat_member")))
def test_no_inner_json_makes_parse_raise(payload: Any, kind: str) -> None:
    heard = parse(
        {"update_id": 1, kind: {"chat": {"id": 7, "type": "private"}, "message": payload, "text": payload}}, AT
    )
    assert heard is None or heard.sender == Address("telegram", "7")


labels = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() != "")
buttons = st.builds(Button, labels, st.from_regex(r"[0-9]\.o:[a-z]{1,40}", fullmatch=True), st.integers(0, 9))
rows = st.lists(st.lists(buttons, min_size=1, max_size=3).map(tuple), max_size=12).map(tuple)
words = st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1, max_size=50).filter(str.strip)


@given(words, st.integers(1, 400), words, rows)
def test_every_message_passes_the_limits(text: str, times: int, title: str, buttons: Any) -> None:
    shown = render(Outbound(Address("telegram", "7"), f"x{text}\n\n" * times, title[:40], buttons))
    for call in shown:
        accepted(call)
    assert all("reply_markup" not in call.parameters for call in shown[:-1])


@given(st.text(st.characters(codec="utf-8")), st.integers(10, 50))
def test_parts_lose_nothing_but_white_space(text: str, limit: int) -> None:
    cut = parts(text, limit)
    assert all(utf16(part) <= limit for part in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_the_oracle_refuses() -> None:
    bad = [Call("sendMessage", {"chat_id": "7", "text": "<x>"}), Call("sendMessage", {"chat_id": "7", "text": ""})]
    bad[0].parameters["parse_mode"] = "HTML"
    bad += [Call("sendMessage", {"chat_id": "7", "text": "x" * 4097}), Call("sendmesage", {"chat_id": "7"})]
    button = {"inline_keyboard": [[{"text": "x", "callback_data": "đ" * 33}]]}
    bad += [Call("sendMessage", {"chat_id": "7", "text": "x", "reply_markup": button})]
    for call in bad:
        with pytest.raises(Refusal):
            accepted(call)


def test_second_tries_come_to_an_end() -> None:
    tried, call = [], render(Outbound(Address("telegram", "7"), "a < b", "t", picture=Picture(b"png", "alt")))[0]
    for refusal in ("Can't parse entities: x", "Image_process_failed", "chat not found"):
        tried.append((call.method, call.parameters.get("caption"), call.parameters.get("text")))
        again = second_try(call, refusal)
        call = again or call
    assert tried[1:] == [("sendPhoto", "t\n\na < b\n\nalt", None), ("sendMessage", None, "t\n\na < b\n\nalt")]
    assert again is None


def test_a_refusal_is_logged_without_quotations() -> None:
    assert unquoted('Can\'t parse: unsupported tag "lương của tôi"') == "Can't parse: unsupported tag …"


def test_addresses_that_telegram_opens() -> None:
    good = ["https://a.vn", "http://127.0.0.1:8080/x", "tg://resolve?domain=x"]
    assert [opens(url) for url in (*good, "http://localhost", "javascript:a.b", "", "http://[")] == [True] * 3 + [
        False
    ] * 4
