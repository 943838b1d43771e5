"""Plays a transcript through the real desk, engine, database and keys, and writes down what is answered."""

import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from conversations.places import Place
from conversations.questions import Questionnaire
from handlers import calendar
from handlers.content import remember_versions
from handlers.house import House
from handlers.invitations import invite_officer
from handlers.reception import Reception
from handlers.talks import registry
from locales.formats import VIETNAM
from models import answers, joining, people, release, seen
from models.audit import Act
from models.database import Connection
from models.messages import Address, Button, Inbound, Outbound
from models.people import Person
from models.units import Unit
from tests.transcripts.crowd import Crowd
from tests.transcripts.reading import Line
from tests.transcripts.traces import traces
from tests.transcripts.writing import CODE, Writer

OPENING = datetime(2020, 1, 6, 9, tzinfo=VIETNAM)
BREATH = timedelta(seconds=10)  # between two messages
MEDIA = {"ảnh": "photo", "nhãn dán": "sticker", "tin thoại": "voice", "vị trí": "location"}
HOME = "telegram"  # where people are who do not say where
KEPT_FOREVER = ("audit",)


@dataclass(slots=True)
class Actor:
    """Somebody on one channel, with all that was shown there."""

    address: Address
    screens: list[Outbound] = field(default_factory=list)
    before: Inbound | None = None


@dataclass(slots=True)
class Stage:
    """A house, a clock, people. Randomness is seeded, so that a transcript reads the same at every playing."""

    engine: AsyncEngine
    house: House
    at: datetime = OPENING
    actors: dict[str, Actor] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    code: str = ""
    shown: list[Outbound] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    _count: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def reception(self) -> Reception:
        """The front of the house, as it is now."""
        return Reception(self.house, registry(self.house.phrases), self._meet)

    def _meet(self, language: str, today: str) -> Person:
        return replace(people.guest(language, today), id=self._chance.getrandbits(62) + 1)

    def actor(self, line: Line) -> Actor:
        """Whoever speaks in a line; Mai on the terminal is another address than Mai on Telegram."""
        channel = line.channel or HOME
        fresh = Actor(Address(channel, f"tai-khoan-{line.who}"))
        return self.actors.setdefault(f"{line.who}@{channel}", fresh)

    async def receive(
        self, line: Line, *, text: str = "", tap: str = "", start: str = "", media: str = "", left: bool = False
    ) -> list[Outbound]:
        """Let one thing come in."""
        actor = self.actor(line)
        self._count += 1
        return await self.bring(line, Inbound(str(self._count), actor.address, self.at, text, tap, start, media, left))

    async def bring(self, line: Line, inbound: Inbound) -> list[Outbound]:
        """Answer as the road does: once for each id, in one transaction."""
        self.at += BREATH
        actor, actor.before = self.actor(line), inbound
        async with self.engine.begin() as conn:
            if not await seen.mark(conn, inbound.sender.channel, inbound.id, inbound.at):
                return []
            outbounds = await self.reception.attend(conn, inbound)
            person = await people.find(conn, actor.address)
            self.known.setdefault(line.who, {actor.address.user}).update({str(person.id)} if person else set())
            await self._note_kind(conn, person)
        actor.screens += outbounds
        for outbound in outbounds:
            self.code = next(iter(CODE.findall(outbound.text)), self.code)
        self.shown += outbounds
        return outbounds

    async def _note_kind(self, conn: Connection, person: Person | None) -> None:
        if person is None or person.talk != "questionnaire":
            return
        form = self.house.pack.questionnaires[str(person.data["id"])]
        found = await answers.find(conn, self.house.keys, person.id, form.id)
        step = form.by_id.get(Place.from_json(found.record).waiting_on) if found.record else form.steps[0]
        self.kinds |= {step.kind} if step else set()

    async def unit(self, conn: Connection, name: str) -> Unit:
        """The one unit of this name today."""
        tree = await self.house.tree(conn, self.at.astimezone(VIETNAM).date())
        (found,) = (unit for unit in tree.units if tree.label(unit.id) == name)
        return found


async def play(lines: list[Line], stage: Stage) -> str:
    """Play a whole transcript and write it anew with what was answered."""
    writer, written = Writer(), list[str]()
    for line in lines:
        if written and (written[-1].startswith(" ") or line.who):
            written.append("")
        written.append(line.text)
        try:
            outbounds = await (perform(stage, line) if line.who else direct(stage, line))
        except Exception as error:
            error.add_note("\n".join((*written[-40:], f"line {line.number}: {line.text}")))
            raise
        for outbound in outbounds:
            written += writer.reply(f"{line.who}@{line.channel}", outbound)
        if line.who and not outbounds:
            written.append("    (không trả lời)")
    return "\n".join(written) + "\n"


async def perform(stage: Stage, line: Line) -> list[Outbound]:
    """Do what a person does."""
    if line.typed is not None:
        return await stage.receive(line, text=line.typed.replace("<mã>", stage.code))
    return await _matching(VERBS, stage, line, line.deed)


async def direct(stage: Stage, line: Line) -> list[Outbound]:
    """Follow a stage direction; a comment does nothing."""
    return await _matching(DIRECTIONS, stage, line, line.direction) if line.direction else []


Act_ = Callable[..., Awaitable[list[Outbound]]]


async def _matching(acts: dict[str, Act_], stage: Stage, line: Line, words: str) -> list[Outbound]:
    for pattern, act in acts.items():
        if found := re.fullmatch(pattern, words):
            return await act(stage, line, *found.groups())
    raise ValueError(f"line {line.number}: nobody knows how to do {words!r}")


# What people do.


def _button(screens: list[Outbound], label: str) -> Button:
    for outbound in reversed(screens):
        for button in (button for row in outbound.buttons for button in row):
            if button.label == label:
                return button
    raise ValueError(f"nothing is labelled {label!r}")


async def _tap(stage: Stage, line: Line, label: str) -> list[Outbound]:
    return await stage.receive(line, tap=_button(stage.actor(line).screens[-1:], label).tap)


async def _tap_twice(stage: Stage, line: Line, label: str) -> list[Outbound]:
    tap = _button(stage.actor(line).screens[-1:], label).tap
    return [*await stage.receive(line, tap=tap), *await stage.receive(line, tap=tap)]


async def _tap_old(stage: Stage, line: Line, label: str) -> list[Outbound]:
    return await stage.receive(line, tap=_button(stage.actor(line).screens[:-1], label).tap)


async def _again(stage: Stage, line: Line) -> list[Outbound]:
    before = stage.actor(line).before
    assert before is not None, "nothing was sent before"
    return await stage.bring(line, before)


async def _send(stage: Stage, line: Line, what: str) -> list[Outbound]:
    return await stage.receive(line, media=MEDIA[what])


async def _type_long(stage: Stage, line: Line, length: str) -> list[Outbound]:
    words = "Đề nghị công đoàn nghe chúng tôi. "
    return await stage.receive(line, text=(words * (int(length) // len(words) + 1))[: int(length) - 1] + "x")


async def _block(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, left=True)


async def _open_link(stage: Stage, line: Line, unit: str) -> list[Outbound]:
    if unit not in stage.tokens:
        await _make_link(stage, line, unit)
    return await stage.receive(line, start=stage.tokens[unit])


async def _open_invitation(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, start=stage.tokens["thư mời"])


async def _open_unknown(stage: Stage, line: Line) -> list[Outbound]:
    return await stage.receive(line, start="khong-ai-dua-ma-nay")


VERBS: dict[str, Act_] = {
    r"bấm hai lần (.+)": _tap_twice,
    r"bấm lại (.+)": _tap_old,  # on a screen further up
    r"bấm (.+)": _tap,
    r"gửi trùng": _again,  # the platform brings the last one once more
    r"gửi (ảnh|nhãn dán|tin thoại|vị trí)": _send,
    r"gõ (\d+) ký tự": _type_long,
    r"chặn": _block,
    r"mở đường dẫn lạ": _open_unknown,
    r"mở đường dẫn của (.+)": _open_link,
    r"mở thư mời": _open_invitation,
}


# What happens on the stage.


async def _day(stage: Stage, line: Line, day: str) -> list[Outbound]:
    """Turn to the morning of a day; the calendar does what fell due, as the clock does."""
    at = datetime.combine(date.fromisoformat(day), OPENING.timetz())
    assert at > stage.at or not stage.actors, f"line {line.number}: the clock does not go back"
    stage.at = at
    for inbound in calendar.due(stage.house.pack, at):
        async with stage.engine.begin() as conn:
            if await seen.mark(conn, calendar.CHANNEL, inbound.id, at):
                await stage.reception.attend(conn, inbound)
    keys, current = stage.house.keys, stage.reception.period(at)
    async with stage.engine.begin() as conn:
        await answers.rekey(conn, keys, current)
    async with stage.engine.begin() as conn:
        await answers.retire(conn, keys, current)
    await release.checkpoint(stage.engine)
    return []


async def _later(stage: Stage, line: Line, minutes: str) -> list[Outbound]:
    stage.at += timedelta(minutes=int(minutes))
    return []


async def _make_link(stage: Stage, line: Line, unit: str) -> list[Outbound]:
    async with stage.engine.begin() as conn:
        stage.tokens[unit] = await joining.make_link(conn, (await stage.unit(conn, unit)).id, stage.at)
    return []


async def _invite(stage: Stage, line: Line, unit: str) -> list[Outbound]:
    async with stage.engine.begin() as conn:
        code = (await stage.unit(conn, unit)).code
        act = Act(stage.at, "shell")
        stage.tokens["thư mời"] = await invite_officer(conn, stage.house, code, "officer", act)
    return []


async def _crowd(stage: Stage, line: Line, number: str, unit: str, form: str) -> list[Outbound]:
    async with stage.engine.begin() as conn:
        token = await joining.make_link(conn, (await stage.unit(conn, unit)).id, stage.at)
        crowd = Crowd(stage.reception, stage.at, token, _form(stage, form).id)
        for place in range(int(number)):
            await crowd.walk(conn, f"{line.number}-{place}", place)
    return []


def _form(stage: Stage, title: str) -> Questionnaire:
    (form,) = (each for each in stage.house.pack.questionnaires.values() if each.title.in_("vi") == title)
    return form


async def _edit_form(stage: Stage, line: Line, title: str, old: str, new: str) -> list[Outbound]:
    """Let the federation change the wording of a questionnaire while people are answering it."""
    form = _form(stage, title)
    assert old in form.source
    changed = Questionnaire.model_validate_json(form.source.replace(old, new))
    pack = stage.house.pack
    stage.house = House(
        pack=pack.model_copy(update={"questionnaires": {**pack.questionnaires, form.id: changed}}),
        phrases=stage.house.phrases,
        keys=stage.house.keys,
    )
    async with stage.engine.begin() as conn:
        await remember_versions(conn, stage.house.pack)
    return []


async def _forgotten(stage: Stage, line: Line, who: str) -> list[Outbound]:
    async with stage.engine.connect() as conn:
        left = await traces(conn, stage.known[who], KEPT_FOREVER)
    assert left == [], f"line {line.number}: {who} is still in {left}"
    return []


async def _remembered(stage: Stage, line: Line, who: str) -> list[Outbound]:
    async with stage.engine.connect() as conn:
        assert await traces(conn, stage.known[who], KEPT_FOREVER), f"line {line.number}: nothing is kept of {who}"
    return []


DIRECTIONS: dict[str, Act_] = {
    r"(\d{4}-\d\d-\d\d)": _day,
    r"(\d+) phút sau": _later,
    r"đường dẫn của (.+)": _make_link,
    r"thư mời cán bộ của (.+)": _invite,
    r"(\d+) người khác của (.+) gửi «(.+)»": _crowd,
    r"khảo sát «(.+)» đổi lời «(.+)» thành «(.+)»": _edit_form,
    r"không còn lưu gì về (\w+)": _forgotten,
    r"còn lưu hồ sơ của (\w+)": _remembered,
}
