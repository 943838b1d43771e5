"""G18, retention: what nobody needs any more goes by itself, seen by travelling in time at the real desk and calendar.

Drafts, who took part, consents, invitations, what waits to be read, words that were too few to be opened, who left.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Table, func, select

from locales.formats import VIETNAM
from models import answers, people
from models.audit import audit
from models.database import Connection
from models.joining import end_link, join_link
from models.linking import link_code
from models.messages import Address, Inbound
from models.officers import invitation
from models.outbox import outbox
from tests.handlers.hall import FORM, Hall
from tests.transcripts.traces import traces

KNOWN = {"person.id", "address.person_id", "subscription.person_id"}  # a member who did nothing but join
MAI, MAI_WEB = Address("telegram", "tai-khoan-mai"), Address("web", "trinh-duyet-mai")


def noon(day: str) -> datetime:
    """The middle of a day in Vietnam."""
    return datetime.combine(date.fromisoformat(day), time(12), VIETNAM)


async def rows(hall: Hall, table: Table) -> int:
    """How many rows a table has."""

    async def count(conn: Connection) -> int:
        return int((await conn.execute(select(func.count()).select_from(table))).scalar_one())

    return await hall.writer.write(count)


async def kept(hall: Hall, *needles: str) -> set[str]:
    """Where any of these is found in the database."""
    return set(await hall.writer.write(lambda conn: traces(conn, set(needles))))


async def begin(hall: Hall) -> str:
    """Let Mai begin a questionnaire; gives her id."""
    mai = await hall.join(MAI)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "o:on-dinh")
    return str(mai.id)


async def send(hall: Hall) -> str:
    """Let Mai send a questionnaire; gives her id."""
    id = await begin(hall)
    while "send" not in hall.offers(MAI):
        await hall.tap(MAI, "skip")
    await hall.tap(MAI, "send")
    return id


async def test_a_draft_goes_when_two_whole_periods_have_passed_over_it(hall: Hall) -> None:
    id = await begin(hall)  # in the period that closes on 8 January
    await hall.receive(MAI, text="/mydata")
    assert "tự xóa sau ngày 08/03/2020" in hall.screens[MAI].text
    await hall.turn(noon("2020-03-08"))
    assert "pending.person_id" in await kept(hall, id)
    await hall.turn(noon("2020-03-09"))
    assert await kept(hall, id) == KNOWN


async def test_a_draft_that_is_gone_on_with_waits_on_and_a_new_key_is_no_going_on(hall: Hall) -> None:
    id = await begin(hall)
    await hall.turn(noon("2020-03-01"))
    await hall.writer.write(lambda conn: answers.rekey(conn, hall.house.keys, "2020-03"))
    touched = await hall.writer.write(lambda conn: answers.touched(conn, int(id)))
    assert touched == {FORM.id: "2020-01"}
    await hall.tap(MAI, "skip")
    await hall.turn(noon("2020-05-08"))
    assert "pending.person_id" in await kept(hall, id)
    await hall.turn(noon("2020-05-09"))
    assert "pending.person_id" not in await kept(hall, id)


async def test_what_was_sent_is_no_draft_and_waits_for_its_release(hall: Hall) -> None:
    id = await send(hall)
    await hall.turn(noon("2020-12-01"))
    assert await kept(hall, id) >= {"pending.person_id", "participation.person_id"}


async def test_who_took_part_is_forgotten_a_year_after_the_questionnaire_and_the_rest_two_years_after(
    hall: Hall,
) -> None:
    id = await send(hall)
    await hall.turn(noon("2021-01-09"))  # the last release
    assert "participation.person_id" in await kept(hall, id)
    await hall.receive(MAI, text="/mydata")
    assert "tự xóa sau ngày 08/01/2022" in hall.screens[MAI].text
    await hall.turn(noon("2022-01-08"))
    assert "participation.person_id" in await kept(hall, id)
    await hall.turn(noon("2022-01-09"))
    assert await kept(hall, id) == KNOWN
    await hall.receive(MAI, text="/mydata")
    assert "Khảo sát gần nhất đã tham gia khép vào kỳ: 01/2021" in hall.screens[MAI].text
    await hall.turn(noon("2023-01-08"))
    assert await kept(hall, id) == KNOWN
    await hall.turn(noon("2023-02-09"))
    assert await kept(hall, id, MAI.user) == set()


async def test_answers_to_a_questionnaire_that_the_pack_has_no_more_go_after_a_year(hall: Hall) -> None:
    id = await send(hall)
    other = FORM.model_copy(update={"id": "khac"})
    await hall.reopen(hall.house.pack.model_copy(update={"questionnaires": {"khac": other}}))
    await hall.turn(noon("2021-01-08"))
    assert await kept(hall, id) >= {"pending.person_id", "participation.person_id"}
    await hall.turn(noon("2021-02-09"))
    assert await kept(hall, id) == KNOWN


async def test_a_consent_is_forgotten_after_two_years_in_which_nothing_was_sent(hall: Hall) -> None:
    mai = await hall.join(MAI)
    await hall.turn(noon("2022-01-05"))
    assert await kept(hall, str(mai.id)) == KNOWN
    await hall.turn(noon("2022-01-07"))
    assert await kept(hall, str(mai.id), MAI.user) == set()


async def test_an_officer_is_not_forgotten_and_a_new_consent_counts_anew(hall: Hall) -> None:
    mai = await hall.join(MAI)
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    web = await hall.join(MAI_WEB)
    again = replace(web, consented_at=noon("2021-12-01"))
    await hall.writer.write(lambda conn: people.save(conn, web, again))
    await hall.turn(noon("2022-06-01"))
    assert "person.id" in await kept(hall, str(mai.id))
    assert "person.id" in await kept(hall, str(web.id))


async def test_invitations_codes_links_and_the_audit_log_go_in_their_time(hall: Hall) -> None:
    await hall.join(MAI)
    await hall.receive(MAI, text="/link")
    await hall.receive(MAI, start=await hall.invitation("mai-son"))  # used at once
    await hall.invitation("mai-son")  # never used: it expires after 14 days
    link = await hall.link("mam-non")
    await hall.writer.write(lambda conn: end_link(conn, link, hall.at))
    assert [await rows(hall, table) for table in (link_code, invitation, join_link, audit)] == [1, 2, 1, 4]
    began = hall.at
    await hall.turn(began + timedelta(days=1))
    assert await rows(hall, link_code) == 0
    await hall.turn(began + timedelta(days=89))
    assert await rows(hall, invitation) == 2
    await hall.turn(began + timedelta(days=91))
    assert await rows(hall, invitation) == 1
    await hall.turn(began + timedelta(days=105))
    assert await rows(hall, invitation) == 0
    await hall.turn(began + timedelta(days=364))
    assert await rows(hall, join_link) == 1
    await hall.turn(began + timedelta(days=366))
    assert await rows(hall, join_link) == 0
    await hall.turn(began + timedelta(days=5 * 365 - 1))
    assert await rows(hall, audit) == 3  # the import of the units was older
    await hall.turn(began + timedelta(days=5 * 365 + 1))
    assert await rows(hall, audit) == 0


async def test_what_came_in_goes_after_a_week_and_what_nobody_came_to_read_after_a_month(hall: Hall) -> None:
    await hall.join(MAI_WEB)
    await hall.road.receive(Inbound("unread", MAI_WEB, hall.at, text="chào"))
    began = hall.at
    await hall.turn(began + timedelta(days=6))
    assert "seen.id" in await kept(hall, "unread")
    await hall.turn(began + timedelta(days=8))
    assert await kept(hall, "unread") == set()
    await hall.turn(began + timedelta(days=29))
    assert await rows(hall, outbox) == 1
    await hall.turn(began + timedelta(days=31))
    assert await rows(hall, outbox) == 0


async def test_a_guest_who_does_not_answer_goes_after_two_days(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.link("mam-non"))
    began = hall.at
    await hall.turn(began + timedelta(days=2))
    assert await kept(hall, MAI.user) == {"address.user"}
    await hall.turn(began + timedelta(days=3))
    assert await kept(hall, MAI.user) == set()


async def test_who_left_is_erased_after_thirty_days_with_everything(hall: Hall) -> None:
    id = await send(hall)
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    await hall.receive(MAI, left=True)
    left = hall.at
    await hall.turn(left + timedelta(days=30))
    assert await kept(hall, id) >= {"pending.person_id", "participation.person_id", "role_grant.person_id"}
    await hall.turn(left + timedelta(days=31))
    assert await kept(hall, id, MAI.user) == {"audit.actor"}


@pytest.mark.parametrize("word", ["chào", "/stop"])
async def test_who_comes_back_is_not_erased(hall: Hall, word: str) -> None:
    id = await begin(hall)
    await hall.receive(MAI, left=True)
    left = hall.at
    await hall.turn(left + timedelta(days=20))
    await hall.receive(MAI, text=word)
    await hall.turn(left + timedelta(days=40))
    assert "pending.person_id" in await kept(hall, id)


async def test_of_two_addresses_the_one_that_was_left_goes_and_is_told_of(hall: Hall) -> None:
    mai = await hall.join(MAI)
    await hall.receive(MAI, text="/link")
    code = hall.screens[MAI].text.partition(": ")[2].split("\n")[0]
    await hall.join(MAI_WEB)
    await hall.receive(MAI_WEB, text=f"/link {code}")
    await hall.tap(MAI_WEB, "join")
    await hall.receive(MAI, left=True)
    left = hall.at
    await hall.receive(MAI_WEB, text="/mydata")
    assert "Đã bị chặn từ ngày 06/01/2020: Telegram (tai-khoan-mai)" in hall.screens[MAI_WEB].text
    await hall.turn(left + timedelta(days=31))
    assert await kept(hall, MAI.user) == set()
    assert await hall.person(MAI_WEB) is not None
    assert await kept(hall, str(mai.id)) == KNOWN
