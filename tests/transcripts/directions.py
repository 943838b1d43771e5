"""What happens in a transcript without anybody's doing it on a phone: the words for it, and how it happens."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from conversations.questions import Questionnaire
from handlers import calendar
from handlers.content import remember_consent, remember_versions
from handlers.expansion import Expansion
from handlers.house import House
from handlers.invitations import invite_officer
from models import (
    answers,
    bounds,
    broadcasts,
    joining,
    officers,
    outlets,
    people,
    resealing,
    seen,
    shredding,
    subscriptions,
)
from models.audit import Act
from models.messages import Address, Outbound
from models.outlets import Outlet
from tests.transcripts.crowd import Crowd
from tests.transcripts.reading import Line
from tests.transcripts.stage import OPENING, Deed, Stage
from tests.transcripts.traces import traces

KEPT_FOREVER = ("audit",)
ROLES = {"cán bộ": "officer", "người soạn": "editor", "người duyệt": "approver"}
CHANNELS = {"Telegram": "telegram", "Zalo Bot": "zalo-bot", "Zalo": "zalo-oa", "Web": "web"}
TOPICS = {"tin theo đợt": "news", "khẩu hiệu": "slogans"}
ALIKE = ", ai cũng chọn ý đầu"


async def _day(stage: Stage, line: Line, day: str) -> list[Outbound]:
    """Turn to the morning of a day; the calendar does what fell due, as the clock does."""
    at = datetime.combine(date.fromisoformat(day), OPENING.timetz())
    assert at > stage.at or not stage.actors, f"line {line.number}: the clock does not go back"
    stage.at = at
    async with stage.engine.connect() as conn:
        edited = await bounds.edited(conn)
    for inbound in calendar.due(stage.house.pack, at, edited):
        async with stage.engine.begin() as conn:
            if await seen.mark(conn, calendar.CHANNEL, inbound.id, at):
                await stage.reception.attend(conn, inbound)
    keys, current = stage.house.keys, stage.reception.period(at)
    async with stage.engine.begin() as conn:
        await answers.rekey(conn, keys, current)
    async with stage.engine.begin() as conn:
        await resealing.rekey(conn, keys, current)
    async with stage.engine.begin() as conn:
        await shredding.retire(conn, keys, current)
    await shredding.checkpoint(stage.engine)
    return []


async def _later(stage: Stage, line: Line, minutes: str) -> list[Outbound]:
    stage.at += timedelta(minutes=int(minutes))
    return []


async def _asked_before(stage: Stage, line: Line) -> list[Outbound]:
    """Leave out for the rest what everybody is asked once, on coming home for the first time."""
    stage.asked = True
    return []


async def make_link(stage: Stage, line: Line, unit: str) -> list[Outbound]:
    """Print the link of a unit; whoever opens it later opens this one."""
    async with stage.engine.begin() as conn:
        stage.tokens[unit] = await joining.make_link(conn, (await stage.unit(conn, unit)).id, stage.at)
    return []


async def _invite(stage: Stage, line: Line, role: str, unit: str) -> list[Outbound]:
    async with stage.engine.begin() as conn:
        code = (await stage.unit(conn, unit)).code
        act = Act(stage.at, "shell")
        stage.tokens["thư mời"] = await invite_officer(conn, stage.house, code, ROLES[role], act)
    return []


async def _crowd(stage: Stage, line: Line, number: str, unit: str, form: str) -> list[Outbound]:
    async with stage.engine.begin() as conn:
        token = await joining.make_link(conn, (await stage.unit(conn, unit)).id, stage.at)
        crowd = Crowd(stage.reception, stage.at, token, _form(stage, form).id, line.direction.endswith(ALIKE))
        for place in range(int(number)):
            await crowd.walk(conn, f"{line.number}-{place}", place)
    return []


async def _subscribers(stage: Stage, line: Line, *words: str) -> list[Outbound]:
    """Let people who have joined already be sent news; nobody else ever hears of them."""
    number, channel, unit, topic = words
    async with stage.engine.begin() as conn:
        id = (await stage.unit(conn, unit)).id
        for place in range(int(number)):
            new = replace(
                stage.reception.meet("vi", stage.at.date().isoformat()), unit_id=id, consent_version="v", talk="start"
            )
            await people.store(conn, new, Address(CHANNELS[channel], f"nguoi-{line.number}-{place}"))
            await subscriptions.choose(conn, new.id, TOPICS[topic], True, stage.at)
    return []


async def _sending_begins(stage: Stage, line: Line) -> list[Outbound]:
    """Let what was approved begin, as the engine does: its people are looked at, and nothing has been sent yet."""
    expansion = Expansion(stage.house)
    async with stage.engine.begin() as conn:
        for id in await broadcasts.due(conn, stage.at):
            await broadcasts.start(conn, id, stage.at)
            while await expansion.page(conn, id, stage.at):
                pass
    return []


async def _outlet(stage: Stage, line: Line, title: str) -> list[Outbound]:
    """Let the bot have been added to a channel of the federation."""
    async with stage.engine.begin() as conn:
        await outlets.keep(conn, Outlet(f"telegram:-100{line.number}", "telegram", title, True, stage.at))
    return []


async def _dismiss(stage: Stage, line: Line, who: str) -> list[Outbound]:
    """End every role of somebody, as the operator does."""
    async with stage.engine.begin() as conn:
        for at in [actor.address for name, actor in stage.actors.items() if name.startswith(f"{who}@")]:
            person = await people.find(conn, at)
            if person:
                await officers.end_grants(conn, person.id, Act(stage.at, "shell"))
    return []


def _form(stage: Stage, title: str) -> Questionnaire:
    (form,) = (each for each in stage.house.pack.questionnaires.values() if each.title.in_("vi") == title)
    return form


async def _edit_form(stage: Stage, line: Line, title: str, old: str, new: str) -> list[Outbound]:
    """Let the federation change the wording of a questionnaire while people are answering it."""
    form = _form(stage, title)
    assert old in form.source
    changed = Questionnaire.model_validate_json(form.source.replace(old, new))
    await _reopen(stage, questionnaires={**stage.house.pack.questionnaires, form.id: changed})
    return []


async def _larger_groups(stage: Stage, line: Line, k: str) -> list[Outbound]:
    """Let the federation promise larger groups, which changes the text that people agree to."""
    await _reopen(stage, k=int(k))
    return []


async def _reopen(stage: Stage, **changed: object) -> None:
    """Start the house anew with another pack."""
    stage.house = House(
        pack=stage.house.pack.model_copy(update=changed),
        phrases=stage.house.phrases,
        keys=stage.house.keys,
        below=stage.house.below,
        public_url=stage.house.public_url,
        erases=stage.house.erases,
        overheard=stage.house.overheard,
        watched=stage.house.watched,
    )
    async with stage.engine.begin() as conn:
        await remember_versions(conn, stage.house.pack)
        await remember_consent(conn, stage.house.consent, stage.at)


async def _forgotten(stage: Stage, line: Line, who: str) -> list[Outbound]:
    async with stage.engine.connect() as conn:
        left = await traces(conn, stage.known[who], KEPT_FOREVER)
    assert left == [], f"line {line.number}: {who} is still in {left}"
    return []


async def _remembered(stage: Stage, line: Line, who: str) -> list[Outbound]:
    async with stage.engine.connect() as conn:
        assert await traces(conn, stage.known[who], KEPT_FOREVER), f"line {line.number}: nothing is kept of {who}"
    return []


DIRECTIONS: dict[str, Deed] = {
    r"ai cũng đã được hỏi muốn nhận tin nào": _asked_before,
    r"(\d{4}-\d\d-\d\d)": _day,
    r"(\d+) phút sau": _later,
    r"đường dẫn của (.+)": make_link,
    r"thư mời (cán bộ|người soạn|người duyệt) của (.+)": _invite,
    r"(\d+) người khác của (.+) gửi «(.+)»(?:, ai cũng chọn ý đầu)?": _crowd,
    r"(\d+) người trên (Telegram|Zalo Bot|Zalo|Web) của (.+) đăng ký (tin theo đợt|khẩu hiệu)": _subscribers,
    r"kênh Telegram «(.+)»": _outlet,
    r"(\w+) thôi mọi vai trò": _dismiss,
    r"đến lúc gửi": _sending_begins,
    r"khảo sát «(.+)» đổi lời «(.+)» thành «(.+)»": _edit_form,
    r"thông báo đổi: nhóm từ (\d+) người": _larger_groups,
    r"không còn lưu gì về (\w+)": _forgotten,
    r"còn lưu hồ sơ của (\w+)": _remembered,
}
