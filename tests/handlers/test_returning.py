"""What comes back to those who took part, and the one reminder to those who began."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.posts import read_content
from handlers import calendar, reminding, returning
from handlers.calendar import SENDER
from locales.formats import VIETNAM
from models import answers, audiences, broadcasts, posts, subscriptions
from models.audiences import Reach
from models.audit import Act
from models.broadcasts import Broadcast
from models.messages import Inbound, Outbound
from models.participation import participation
from models.people import person
from models.slips import Slip
from tests.handlers.province import LATER, Province, province

FORM = "doi-song"


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Province:
    """Thirty people of one district who sent a questionnaire, before its first close."""
    town = await province(conn, tmp_path)
    await town.answer(FORM, town.unit("LĐLĐ huyện Mộc Châu"), 30)
    return town


async def bring(town: Province, id: str, at: datetime = LATER) -> None:
    await town.reception.attend(town.conn, Inbound(id=id, sender=SENDER, at=at, text=id))


async def made(town: Province) -> list[Broadcast]:
    return await broadcasts.listed(town.conn, broadcasts.UNENDED)


def labels(screen: Outbound) -> list[str]:
    return [button.label for row in screen.buttons for button in row]


async def reminders(town: Province) -> list[Broadcast]:
    return await broadcasts.of_series(town.conn, "reminder", FORM)


async def test_a_release_leaves_a_draft_with_the_federations_figures(town: Province) -> None:
    await bring(town, f"results:{FORM}:2020-01")
    assert await made(town) == [], "nothing was released yet"
    await town.close(FORM)
    await bring(town, f"results:{FORM}:2020-01")
    (draft,) = await made(town)
    assert (draft.status, draft.created_by, draft.plan.kind) == ("draft", "house", "results")
    version = await posts.version(town.conn, draft.plan.post_id, 1)
    assert version is not None
    content = read_content(version.body)
    assert "30 người" in content.in_("vi")
    assert "30 people" in content.in_("en")
    assert content.publish_only, "nobody is asked again about what is over"
    assert returning.unfinished(town.house, content), "what happens next is for people to say"
    told = content.model_copy(update={"text": {"vi": content.in_("vi") + " sẽ gặp chủ doanh nghiệp."}})
    assert not returning.unfinished(town.house, told)


async def test_results_show_what_the_federation_said_once_it_was_sent(town: Province) -> None:
    await town.appoint(town.tree.roots[0].id)
    await town.close(FORM)
    await bring(town, f"results:{FORM}:2020-01")
    said = "Liên đoàn nói gì về kết quả này"
    shown = await town.say("/results")
    assert said not in labels(shown), "a draft is nobody's to read"
    (draft,) = await made(town)
    begun = update(broadcasts.broadcast).values(status="running", started_at=LATER)
    await town.conn.execute(begun)
    screen = await town.press(await town.say("/results"), said)
    assert "30 người" in screen.text
    assert screen.text.endswith("Liên đoàn Lao động tỉnh Sơn La")
    assert said in labels(await town.press(screen, "‹ Kết quả"))
    await town.conn.execute(update(broadcasts.broadcast).values(status="cancelled"))
    assert said not in labels(await town.say("/results"))
    assert draft.plan.kind == "results"


async def test_the_draft_is_made_once_and_not_beside_another(town: Province) -> None:
    await town.close(FORM)
    for _ in range(2):
        await bring(town, f"results:{FORM}:2020-01")
    await bring(town, f"results:{FORM}:2020-02")
    assert len(await made(town)) == 1


async def test_it_is_for_all_who_took_part_and_want_it_and_for_nobody_else(town: Province) -> None:
    await town.close(FORM)
    await bring(town, f"results:{FORM}:2020-01")
    (draft,) = await made(town)
    assert draft.plan.audience is not None
    assert not draft.plan.audience.unit, "a part of the tree would tell who took part there"
    people = list((await town.conn.execute(select(participation.c.person_id))).scalars())
    await agreed(town, people[:5])
    for one in people[:4]:
        await subscriptions.choose(town.conn, one, "results", on=True, at=LATER)
    page = await audiences.page(town.conn, Reach(draft.plan.audience, ("telegram",)), 0, 100)
    assert {each.person_id for each in page} == set(people[:4])


async def test_who_waits_to_be_counted_is_not_among_them(town: Province) -> None:
    await town.close(FORM)
    await bring(town, f"results:{FORM}:2020-01")
    (draft,) = await made(town)
    assert draft.plan.audience is not None
    reach = Reach(draft.plan.audience, ())
    everybody = set((await town.conn.execute(select(participation.c.person_id))).scalars())
    await town.answer(FORM, town.unit("LĐLĐ huyện Mộc Châu"), 3)
    later = set((await town.conn.execute(select(participation.c.person_id))).scalars())
    await agreed(town, list(later))
    for one in later:
        await subscriptions.choose(town.conn, one, "results", on=True, at=LATER)
    assert {each.person_id for each in await audiences.page(town.conn, reach, 0, 100)} == everybody
    assert sum((await audiences.sizes(town.conn, reach)).values()) == len(everybody)


async def test_the_reminder_goes_to_all_who_began_alike_and_once(town: Province) -> None:
    form = town.house.pack.questionnaires[FORM]
    people = list((await town.conn.execute(select(participation.c.person_id))).scalars())
    drafting = people[0] + 1
    await town.conn.execute(person.insert().values(id=drafting, **COMMON))
    for one in (people[0], drafting):
        await agreed(town, [one])
        await subscriptions.choose(town.conn, one, "reminders", on=True, at=LATER)
    await answers.keep(town.conn, town.house.keys, "2020-01", Slip(drafting, FORM, b"{}"))
    at = datetime.combine(form.closes - timedelta(days=3), reminding.HOUR, VIETNAM)
    for moment in (at, at + timedelta(days=1)):
        await bring(town, f"remind:{FORM}", moment)
    (sent,) = await reminders(town)
    assert await made(town) == [], "no officer sees how many began"
    assert (sent.status, sent.due, sent.plan.kind) == ("scheduled", at, "reminder")
    assert sent.plan.audience is not None
    page = await audiences.page(town.conn, Reach(sent.plan.audience, ("telegram",)), 0, 100)
    assert [each.person_id for each in page] == [drafting], "who sent it is not reminded"


async def test_a_reminder_falls_due_some_days_before_the_close_and_not_after(town: Province) -> None:
    form = town.house.pack.questionnaires[FORM]
    first = datetime.combine(form.closes - timedelta(days=3), reminding.HOUR, VIETNAM)
    end = datetime.combine(form.closes + timedelta(days=1), datetime.min.time(), VIETNAM)
    due = {
        at: f"remind:{FORM}" in {each.id for each in calendar.due(town.house.pack, at)}
        for at in (first - timedelta(seconds=1), first, end - timedelta(seconds=1), end)
    }
    assert list(due.values()) == [False, True, True, False]
    nobody = town.house.pack.model_copy(update={"remind_days": 0})
    assert not reminding.falls_due(nobody, form, first)


async def test_only_the_houses_own_reminder_goes_out_without_two_people(town: Province) -> None:
    await town.close(FORM)
    await bring(town, f"results:{FORM}:2020-01")
    (draft,) = await made(town)
    with pytest.raises(broadcasts.Refused, match="own"):
        await broadcasts.appoint(town.conn, draft.id, Act(LATER, "house"))


COMMON = {
    "language": "vi",
    "unit_id": None,
    "talk_name": "start",
    "talk_data": "{}",
    "revision": 0,
    "met_on": "2019-12-01",
    "joined_period": "2019-12",
}


async def agreed(town: Province, people: list[int]) -> None:
    await town.conn.execute(update(person).where(person.c.id.in_(people)).values(consent_version="v"))
