"""What Zalo sends of an Official Account and must be sent, as files: one payload a case, with made-up people."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa_events import moment, parse, timestamp
from bot.channels.zalo_oa_screens import MAX_TITLE, bodies, texts
from bot.channels.zalo_oa_signature import Seal, read_mac
from models.messages import TAP_BYTES, Address, Button, Inbound, Outbound, Picture
from tests.platforms.zalo_oa_hooks import sign
from tests.platforms.zalo_oa_oauth import challenge_of
from tests.platforms.zalo_oa_rules import MAX_TEXT, buttons_of, units

PAYLOADS = Path(__file__).parents[2] / "payloads" / "zalo-oa"
AT, AGE = datetime(2020, 1, 6, 8, tzinfo=UTC), timedelta(minutes=3)
USER = "246845883529197922"

# The vectors of Zalo's formula: the body is 268 bytes of UTF-8 without a newline.
SEAL = Seal("4318657068771012646", "oa-secret-key-test")
STAMP = "1700000000000"
BODY = (
    '{"app_id":"4318657068771012646","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"Đồng ý","msg_id":"96d3cdf3af150460909"},"timestamp":"1700000000000"}'
).encode()
GOOD = "61215f6d65305e3108d349c9c5425cdbf37e84af33e4552e0e7ef25e74626ede"
BAD = {
    "written anew, with ASCII escapes": "2efc574c5fd95406ee9830b2dcc7e144791475eeb27143ab8da2fa9e1a7a90b6",
    "written anew": "c340f459bb2ab574c31644edb51ce4c0f63b4dca90bbdbd610f9ea205a8d7bae",
    "HMAC": "08a95811907d12740784773e7d7b5c80e69285791c7c2b296e60f191f785eaeb",
}


def cases(folder: str) -> list[Any]:
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in sorted((PAYLOADS / folder).iterdir())]


@pytest.mark.parametrize("case", cases("heard"))
def test_an_event_is_heard(case: dict[str, Any]) -> None:
    wanted = case["inbound"]
    if wanted is not None:
        once = hashlib.sha256(wanted.pop("once").encode()).hexdigest()[:32]
        wanted = Inbound(once, Address("zalo-oa", wanted.pop("user")), AT, done=AT - AGE, **wanted)
    assert parse(case["event"], AT, AGE) == wanted


def outbound_of(told: dict[str, Any]) -> Outbound:
    buttons = tuple(tuple(Button(**button) for button in row) for row in told.pop("buttons", ()))
    picture = told.pop("picture", None)
    shown = Picture(picture["png"].encode(), picture["alt"]) if picture else None
    deletes = tuple(told.pop("deletes", ()))
    return Outbound(Address("zalo-oa", USER), told.pop("text"), buttons=buttons, picture=shown, deletes=deletes, **told)


@pytest.mark.parametrize("case", cases("sent"))
def test_a_message_is_laid_out(case: dict[str, Any]) -> None:
    assert bodies(outbound_of(case["outbound"]), buttons=case["buttons"]) == case["bodies"]


words = st.text(st.characters(codec="utf-8"), max_size=200)
numbers = st.integers(0, 9) | st.none()
buttons = st.builds(Button, label=words.filter(str.strip), tap=st.just("1." + "x" * 60), number=numbers)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=9000), st.lists(buttons, max_size=7))
def test_nothing_laid_out_is_beyond_the_limits(text: str, row: list[Button]) -> None:
    outbound = Outbound(Address("zalo-oa", USER), text, buttons=(tuple(row),))
    laid = bodies(outbound, buttons=True)
    assert [body["message"]["text"] for body in laid] == texts(outbound)
    for body in laid:
        assert 0 < units(body["message"]["text"]) <= MAX_TEXT
        if "attachment" in body["message"]:
            shown = buttons_of(body["message"]["attachment"]["payload"])
            assert all(units(each["title"]) <= MAX_TITLE for each in shown)


fields = ["event_name", "timestamp", "sender", "recipient", "follower", "id", "message", "text", "msg_id", "oa_id"]
names = ["user_send_text", "user_send_image", "follow", "unfollow", "user_click_chatnow", "oa_send_text"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*fields, *names])
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(fields) | st.text(), inner, max_size=6),
    max_leaves=25,
)


@given(anything)
def test_no_json_makes_parse_raise(payload: Any) -> None:
    moment(timestamp(payload) or "0")
    heard = parse(payload, AT, AGE)
    if heard is not None:
        assert heard.sender.user
        assert len(heard.id) == 32
        assert len(heard.tap) <= TAP_BYTES
        assert sum(bool(said) for said in (heard.text, heard.tap, heard.start, heard.media, heard.left)) == 1


def test_the_vectors_signature_is_taken_and_its_three_neighbours_are_not() -> None:
    assert len(BODY) == 268
    assert SEAL.fits(GOOD, BODY, STAMP)
    assert sign(SEAL.app_id, BODY, STAMP, SEAL.secret) == GOOD
    for mac in BAD.values():
        assert not SEAL.fits(mac, BODY, STAMP)


@pytest.mark.parametrize("header", [f"mac={GOOD}", f"mac = {GOOD}", f" MAC= {GOOD.upper()} ", f"mac ={GOOD}"])
def test_the_header_is_read_with_spaces_and_in_any_case(header: str) -> None:
    assert read_mac(header) == GOOD


@pytest.mark.parametrize(
    "header", ["", GOOD, f"sha256={GOOD}", f"mac={GOOD[:-1]}", f"mac={GOOD}0", "mac=đ", "mac=" * 99]
)
def test_other_headers_are_no_signature(header: str) -> None:
    assert read_mac(header) == ""


def test_raw_bytes_are_signed_however_odd_they_are_written() -> None:
    odd = b'{ "timestamp" :"1700000000000",\n\t"message":{"text":"\\u0110\\u1ed3ng \\u00fd"} , "app_id":"43186"}'
    assert SEAL.fits(sign(SEAL.app_id, odd, STAMP, SEAL.secret), odd, STAMP)
    assert not SEAL.fits(sign(SEAL.app_id, json.dumps(json.loads(odd)).encode(), STAMP, SEAL.secret), odd, STAMP)


def test_the_fake_knows_pkce_as_the_standard_writes_it() -> None:
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_seal_is_never_printed_with_its_secret() -> None:
    assert "oa-secret" not in repr(SEAL)
