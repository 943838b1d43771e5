"""G16, words: what may tell who wrote an answer is pointed out before it is kept, and nothing but text is taken.

Through the real desk on both databases. What is found in words at all: `tests/conversations/test_personal.py`; what
becomes of them after a release: `test_g16_pool.py`.
"""

import json
from typing import Any

import pytest

from bot.channels import web
from bot.channels.telegram_updates import MEDIA, parse
from models import answers
from models.messages import Address
from tests.handlers.hall import FORM, Hall
from tests.transcripts.house import PHRASES
from tests.transcripts.traces import traces

MAI = Address("telegram", "6000001")
QUESTION = "noi-them"  # at most 40 characters
ONWARD = ("skip", "next", "decline", "done", "o:2", "o:van-on")


async def asked(hall: Hall) -> int:
    """Mai, member of the kindergarten Hoa Ban, in front of a question for words; her number."""
    mai = await hall.join(MAI)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "o:thieu-viec")
    return mai.id


async def send(hall: Hall) -> None:
    """Pass over what is left, and send."""
    for _ in FORM.steps:
        offered = hall.offers(MAI)
        if "send" in offered:
            break
        await hall.tap(MAI, next(action for action in ONWARD if action in offered))
    await hall.tap(MAI, "send")


async def kept(hall: Hall, person_id: int) -> str:
    """Everything that is sealed of the person's answers, in the open."""
    slips = await hall.writer.write(lambda conn: answers.slips(conn, hall.house.keys, person_id))
    return "\n".join(slip.record.decode() for slip in slips)


async def test_what_is_sent_after_the_proposal_holds_no_number(hall: Hall) -> None:
    mai = await asked(hall)
    await hall.receive(MAI, text="Gọi 0912 345 678, xe 26A-123.45")
    assert "345" not in await kept(hall, mai)
    assert "123.45" not in await kept(hall, mai)
    assert "keep" not in hall.offers(MAI)
    await hall.tap(MAI, "mask")
    await send(hall)
    stage = await hall.writer.write(lambda conn: answers.stage(conn, mai, FORM.id))
    record = await kept(hall, mai)
    assert stage == "pending"
    assert json.loads(record)["answers"][QUESTION] == {"v": "Gọi [số điện thoại], xe [biển số xe]"}
    assert await hall.writer.write(lambda conn: traces(conn, {"345 678", "123.45"})) == []


async def test_the_words_of_another_button_or_an_old_tap_keep_no_number_either(hall: Hall) -> None:
    mai = await asked(hall)
    before = await hall.receive(MAI, text="Hỏi @hoa_nguyen")
    assert before is not None
    old = next(button.tap for row in before.buttons for button in row if button.tap.endswith(".keep"))
    await hall.receive(MAI, text="Gọi 0912345678")
    for insisting in ("Giữ nguyên bản đã gõ", "giữ nguyên bản đã gõ"):
        await hall.receive(MAI, text=insisting)
    await hall.receive(MAI, tap=old)
    assert "mask" in hall.offers(MAI)
    assert QUESTION not in json.loads(await kept(hall, mai))["answers"]


@pytest.mark.parametrize("name", ["mam non hoa ban", "Hoa Ban", "huyện Mai Sơn", "CĐCS Mầm non Hoa Ban"])
async def test_the_own_unions_name_is_pointed_out_and_kept_for_who_insists(hall: Hall, name: str) -> None:
    mai = await asked(hall)
    shown = await hall.receive(MAI, text=f"Ở {name} ít việc")
    assert shown is not None
    assert "Ở [tên đơn vị] ít việc" in shown.text
    await hall.tap(MAI, "keep")
    await send(hall)
    assert json.loads(await kept(hall, mai))["answers"][QUESTION] == {"v": f"Ở {name} ít việc"}


@pytest.mark.parametrize("name", ["huyện Mộc Châu", "LĐLĐ tỉnh Sơn La", "Xưởng chè"])
async def test_the_names_of_other_unions_and_of_the_federation_are_not(hall: Hall, name: str) -> None:
    mai = await asked(hall)
    await hall.receive(MAI, text=f"Ở {name} ít việc")
    assert json.loads(await kept(hall, mai))["answers"][QUESTION] == {"v": f"Ở {name} ít việc"}


@pytest.mark.parametrize("kind", MEDIA)
async def test_no_kind_of_media_is_taken_and_the_question_waits_on(hall: Hall, kind: str) -> None:
    mai = await asked(hall)
    before = await kept(hall, mai)
    canary = "mat-nguoi-gui"
    inbound = parse(_update(kind, canary), hall.at)
    assert inbound is not None
    await hall.road.receive(inbound)
    ((_, shown),) = await hall.mailbox.waiting(MAI)
    assert PHRASES.say("vi", "desk.only-text") in shown.text
    assert json.loads(await kept(hall, mai))["waiting_on"] == QUESTION == json.loads(before)["waiting_on"]
    assert canary not in await kept(hall, mai)
    assert await hall.writer.write(lambda conn: traces(conn, {canary})) == []


def _update(kind: str, canary: str) -> dict[str, Any]:
    """A message of Telegram with a medium and a caption."""
    message = {"message_id": 7, "chat": {"id": int(MAI.user), "type": "private"}, "caption": canary}
    return {"update_id": 900, "message": {**message, kind: [{"file_id": canary}]}}


def test_the_web_chat_has_no_words_for_media(hall: Hall) -> None:
    for field in ("photo", "file", "document", "media", "image"):
        assert web.parse({"id": "a" * 8, field: "data:image/png;base64,AAAA"}, MAI, hall.at) is None


@pytest.mark.parametrize("lang", PHRASES.texts)
def test_people_are_told_why_nothing_but_text_is_taken(lang: str) -> None:
    assert {"vi": "nhận ra người gửi", "en": "tell who sent"}[lang] in PHRASES.say(lang, "desk.only-text")
