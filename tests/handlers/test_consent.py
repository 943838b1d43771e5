"""Consent comes first, is versioned; a no leaves nothing. Nobody gets past it by any word, command or old button."""

from dataclasses import replace

import pytest

from handlers.talks import TALKS
from models import people
from models.database import Connection
from models.messages import Address
from tests.handlers.hall import PACK, Hall
from tests.transcripts.traces import traces

TUAN = Address("telegram", "tai-khoan-tuan")
GUESTS = {"consent", "help", "language", "privacy", "stop"}


@pytest.mark.parametrize("way", ["Không, cảm ơn", "2", "/stop", "dừng", "dung"])
async def test_nothing_is_kept_of_a_person_who_says_no(hall: Hall, way: str) -> None:
    await hall.receive(TUAN, start=await hall.link("mam-non"))
    id = await _id(hall)
    await hall.receive(TUAN, text=way)
    assert await hall.writer.write(lambda conn: traces(conn, {str(id), TUAN.user})) == []


async def test_nothing_is_kept_of_a_guest_who_taps_no_or_blocks(hall: Hall) -> None:
    await hall.receive(TUAN, start=await hall.link("mam-non"))
    await hall.tap(TUAN, "no")
    assert await hall.writer.write(lambda conn: traces(conn, {TUAN.user})) == []
    await hall.receive(TUAN, text="chào")
    await hall.receive(TUAN, left=True)
    assert await hall.writer.write(lambda conn: traces(conn, {TUAN.user})) == []


async def test_consent_is_kept_with_its_version_and_time(hall: Hall) -> None:
    person = await hall.join(TUAN)
    assert person.consent_version == hall.house.consent.version
    assert person.consented_at is not None
    assert person.consented_at < hall.at
    assert person.joined_period == "2020-01"


@pytest.mark.parametrize("first", ["Đồng ý", "1", "có"])
async def test_a_first_word_consents_to_nothing(hall: Hall, first: str) -> None:
    shown = await hall.receive(TUAN, text=first)
    assert shown is not None
    assert hall.offers(TUAN) >= {"yes", "no"}
    assert (await _guest(hall)).consent_version is None


async def test_a_button_of_a_life_before_consents_to_nothing(hall: Hall) -> None:
    await hall.receive(TUAN, text="/start")
    old = next(button.tap for row in hall.screens[TUAN].buttons for button in row if button.tap.endswith(".yes"))
    await hall.tap(TUAN, "no")
    await hall.receive(TUAN, tap=old)
    assert (await _guest(hall)).consent_version is None


@pytest.mark.parametrize("word", ["dong y", "ừ", "ok", "c", "yes", "đồng ý?", "đồng ý ạ", "tôi đồng ý", "k", "không"])
async def test_only_a_tap_the_number_or_the_exact_label_consents(hall: Hall, word: str) -> None:
    await hall.receive(TUAN, text="/start")
    await hall.receive(TUAN, text=word)
    assert (await _guest(hall)).consent_version is None


@pytest.mark.parametrize("word", ["đồng ý", "ĐỒNG Ý", " Đồng ý ", "1", "1.", "Đồng ý."])
async def test_the_number_and_the_exact_label_consent(hall: Hall, word: str) -> None:
    await hall.receive(TUAN, text="/start")
    await hall.receive(TUAN, text=word)
    assert (await _guest(hall)).consent_version == hall.house.consent.version


@pytest.mark.parametrize("command", [talk.name for talk in TALKS if talk.open])
async def test_no_command_leads_a_guest_past_the_consent(hall: Hall, command: str) -> None:
    await hall.receive(TUAN, text="/start")
    await hall.receive(TUAN, text=f"/{command}")
    if (guest := await hall.person(TUAN)) is None:
        return  # stopped, and forgotten
    await hall.receive(TUAN, text="trang chính")
    assert hall.offers(TUAN) >= {"yes", "no"}
    assert (await _guest(hall)).consent_version == guest.consent_version is None


@pytest.mark.parametrize("talk", [talk.name for talk in TALKS if talk.name not in GUESTS])
async def test_no_talk_but_those_of_guests_is_shown_to_one(hall: Hall, talk: str) -> None:
    await hall.receive(TUAN, text="/start")
    guest = await _guest(hall)
    form = next(iter(PACK.questionnaires))

    async def misplace(conn: Connection) -> None:
        await people.save(conn, guest, replace(guest, talk=talk, data={"id": form}))

    await hall.writer.write(misplace)
    await hall.receive(TUAN, text="xin chào")
    assert hall.offers(TUAN) >= {"yes", "no"}


async def _guest(hall: Hall) -> people.Person:
    found = await hall.person(TUAN)
    assert found is not None
    return found


async def _id(hall: Hall) -> int:
    return (await _guest(hall)).id
