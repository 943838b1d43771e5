"""A small federation whose people join, answer, change their minds and look at figures at the real desk alone.

p (tinh) over d (huyen-a, with xa-1 and xa-2) and e (huyen-b); groups of at least 5, small units wait one period. What
is random elsewhere comes from a seed, so that two towns can be lived through alike: ids of people, links, the noise.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations import engine
from conversations.packs import Pack
from conversations.places import Place
from conversations.questions import Questionnaire
from handlers import content
from handlers.calendar import SENDER
from handlers.house import House
from handlers.reception import Reception
from handlers.talks import registry
from models import answers, joining, people, resealing, revisions
from models.audit import Act
from models.keys import Keys
from models.messages import Address, Inbound, Outbound
from models.officers import role_grant
from models.people import Person
from models.units import Tree
from tests.transcripts.house import CAMPAIGN, PHRASES

JOINED = datetime(2019, 12, 1, 3, tzinfo=UTC)
OPEN = {"2020-01": datetime(2020, 1, 6, 3, tzinfo=UTC), "2020-02": datetime(2020, 1, 20, 3, tzinfo=UTC)} | {
    f"2020-{month:02}": datetime(2020, month - 1, 20, 3, tzinfo=UTC) for month in range(3, 6)
}
NEXT = {"2020-01": "2020-02", "2020-02": "2020-03", "2020-03": "2020-04", "2020-04": "2020-05"}
LAST = "2020-04"  # the period in which both questionnaires end
UNITS = """valid_from,valid_to,kind,code,name,short_name,parent,successor
2019-01-01,,ldld_tinh,tinh,Liên đoàn Lao động tỉnh,LĐLĐ tỉnh,,
2019-01-01,,ldld_huyen,huyen-a,Liên đoàn Lao động huyện An,LĐLĐ huyện An,tinh,
2019-01-01,,ldld_huyen,huyen-b,Liên đoàn Lao động huyện Bình,LĐLĐ huyện Bình,tinh,
2019-01-01,,cdcs,xa-1,Công đoàn cơ sở xưởng chè,CĐCS xưởng chè,huyen-a,
2019-01-01,,cdcs,xa-2,Công đoàn cơ sở trường mầm non,CĐCS mầm non,huyen-a,
"""
CODES = ("tinh", "huyen-a", "huyen-b", "xa-1", "xa-2")
K, HOLD = 5, 1


def _choice(id: str, asks: str, options: str, **more: object) -> dict[str, object]:
    listed = [{"id": key, "text": {"vi": f"Trả lời {key}"}} for key in options.split()]
    return {"id": id, "kind": "choice", "text": {"vi": asks}, "options": listed, **more}


LIFE = Questionnaire.model_validate(
    {
        "id": "doi-song",
        "title": {"vi": "Đời sống"},
        "opens": "2019-11-08",
        "closes": "2020-03-31",
        "questions": [
            _choice("viec-lam", "Việc làm của anh/chị?", "on thieu lo", decline=True),
            {"id": "vi-sao", "kind": "words", "text": {"vi": "Vì sao anh/chị lo?"}, "when": "viec-lam == lo"},
            _choice("quan-tam", "Anh/chị quan tâm điều gì?", "luong nha an", kind="several", max=2),
            {"id": "thang-vao", "kind": "date", "text": {"vi": "Anh/chị vào công đoàn ngày nào?"}},
            {"id": "de-nghi", "kind": "words", "text": {"vi": "Anh/chị đề nghị điều gì?"}},
        ],
    }
)
CANTEEN = Questionnaire.model_validate(
    {
        "id": "nha-an",
        "title": {"vi": "Nhà ăn"},
        "opens": "2019-11-08",
        "closes": "2020-03-31",
        "questions": [
            _choice("gio-an", "Giờ ăn nào hợp hơn?", "som muon", exact=True),
            _choice("mon-an", "Món ăn thế nào?", "ngon thuong", decline=True),
        ],
    }
)
Given = Mapping[str, str | tuple[str, ...]]


@dataclass(slots=True)
class Town:
    """The desk and everybody who comes to it, each by one address of the console."""

    conn: AsyncConnection
    folder: Path
    house: House
    reception: Reception
    unit: Mapping[str, str]
    at: datetime = JOINED
    said: int = 0
    screens: dict[str, Outbound] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Short: a failing property test shows it."""
        return "Town"

    async def say(self, who: str, text: str = "", *, start: str = "", tap: str = "") -> Outbound:
        """Somebody says something; what comes back last is what they look at."""
        self.said += 1
        self.at += timedelta(seconds=1)
        inbound = Inbound(str(self.said), Address("console", who), self.at, text, tap, start)
        self.screens[who] = (await self.reception.attend(self.conn, inbound))[-1]
        return self.screens[who]

    async def tap(self, who: str, *actions: str) -> Outbound:
        """Tap what the screen offers, one after the other."""
        for action in actions:
            (tap,) = (tap for tap in taps(self.screens[who]) if tap.partition(".")[2] == action)
            await self.say(who, tap=tap)
        return self.screens[who]

    async def person(self, who: str) -> Person:
        """What is kept of somebody."""
        found = await people.find(self.conn, Address("console", who))
        assert found is not None
        return found

    async def join(self, who: str, code: str) -> int:
        """Come by the link of a unit and agree."""
        await self.say(who, start=await joining.make_link(self.conn, self.unit[code], self.at))
        await self.tap(who, "yes", "home", "go:start")
        return (await self.person(who)).id

    async def appoint(self, who: str, code: str) -> None:
        """Let somebody be an officer of a unit."""
        grant = {"person_id": (await self.person(who)).id, "role": "officer", "unit_id": self.unit[code]}
        await self.conn.execute(insert(role_grant), {**grant, "granted_at": JOINED, "granted_by": "test"})

    async def answer(self, who: str, form: str, given: Given, *, send: bool = True) -> None:
        """Go through a questionnaire from the home screen; what is not `given` is passed over."""
        await self.say(who, "/start")
        await self.tap(who, f"q:{form}")
        while step := await self.asked(who, form):
            await self._reply(who, form, step, given.get(step))
        if send:
            await self.tap(who, "send")

    async def asked(self, who: str, form: str) -> str:
        """The question that somebody is at, "" for the review."""
        person = await self.person(who)
        found = await answers.find(self.conn, self.house.keys, person.id, form)
        if found.record is None:
            return engine.begin(self.house.pack.questionnaires[form], person.id).waiting_on
        return Place.from_json(found.record).waiting_on

    async def _reply(self, who: str, form: str, step: str, value: str | tuple[str, ...] | None) -> None:
        kind = self.house.pack.questionnaires[form].by_id[step].kind
        if value is None or value == "decline":
            await self.tap(who, value or "skip")
        elif kind == "several":
            ticked = [tap.partition("-")[2] for tap in taps(self.screens[who]) if ".-" in tap]
            await self.tap(who, *(f"-{key}" for key in ticked), *(f"+{key}" for key in value), "done")
        elif kind == "choice":
            await self.tap(who, f"o:{value}")
        else:
            await self.say(who, str(value))

    async def edit(self, who: str, form: str, given: Given) -> None:
        """Change some answers of a questionnaire that was sent, from /mydata, and send it again."""
        await self.say(who, "/mydata")
        await self.tap(who, f"change:{form}")
        for step, value in given.items():
            await self.tap(who, f"edit:{step}")
            await self._reply(who, form, step, value)
            while further := await self.asked(who, form):
                await self._reply(who, form, further, given.get(further))
        await self.tap(who, "send")

    async def withdraw(self, who: str, form: str) -> None:
        """Take the answers back."""
        await self.say(who, "/mydata")
        await self.tap(who, f"withdraw:{form}")

    async def move(self, who: str, code: str) -> None:
        """Say that one works somewhere else now."""
        await self.say(who, start=await joining.make_link(self.conn, self.unit[code], self.at))
        await self.tap(who, "home")

    async def link(self, gives: str, keeps: str) -> None:
        """Let the record of one address give way to that of another, by a code."""
        shown = await self.say(keeps, "/link")
        code = next(word for word in shown.text.split() if len(word) == 9 and word[4] == "-")
        await self.say(gives, f"/link {code}")
        await self.tap(gives, "join")

    async def close(self, form: str, period: str) -> None:
        """Let the calendar close a period of a questionnaire."""
        text = f"release:{form}:{period}"
        at = OPEN[NEXT.get(period, LAST)]
        await self.reception.attend(self.conn, Inbound(text, SENDER, at, text=text))

    async def close_all(self, period: str) -> None:
        """Close a period of everything, and do what follows a release."""
        for form in self.house.pack.questionnaires:
            await self.close(form, period)
        current = NEXT.get(period, LAST)
        await answers.rekey(self.conn, self.house.keys, current)
        await resealing.rekey(self.conn, self.house.keys, current)
        await revisions.even_out(self.conn, current)
        self.at = OPEN[current]

    async def tree(self) -> Tree:
        """The units of today."""
        return await self.house.tree(self.conn, self.at.date())

    def again(self, folder: Path, seed: int = 136, conn: AsyncConnection | None = None) -> "Town":
        """The same town to be lived through once more: the keys as they are now, chance from the beginning."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.folder / "keys.json", folder / "keys.json")
        return _town(conn or self.conn, folder, self.house.pack, seed, self)


def taps(screen: Outbound) -> list[str]:
    """What can be tapped on a screen."""
    return [button.tap for row in screen.buttons for button in row if button.tap]


def _town(conn: AsyncConnection, folder: Path, pack: Pack, seed: int, before: Town | None = None) -> Town:
    house = House(pack, PHRASES, Keys.open(folder / "keys.json"), below=Random(seed).randrange)
    chance = Random(seed if before is None else seed + 1)  # people of before keep their numbers

    def meet(language: str, today: str) -> Person:
        return replace(people.guest(language, today), id=chance.getrandbits(60))

    reception = Reception(house, registry(PHRASES), meet)
    if before is None:
        return Town(conn, folder, house, reception, {})
    return Town(conn, folder, house, reception, before.unit, before.at, before.said, dict(before.screens))


def pack_of(folder: Path, *forms: Questionnaire) -> Pack:
    """A campaign of these questionnaires with the town's units."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "units.csv").write_text(UNITS, "utf-8")
    its = {form.id: form for form in forms}
    return CAMPAIGN.model_copy(update={"questionnaires": its, "units_file": folder / "units.csv", "k": K, "hold": HOLD})


async def found(conn: AsyncConnection, folder: Path, *forms: Questionnaire, seed: int = 136) -> Town:
    """Found the town, with nobody in it."""
    town = _town(conn, folder, pack_of(folder, *(forms or (LIFE, CANTEEN))), seed)
    await content.plant_units(conn, town.house.pack.units_file, Act(JOINED - timedelta(days=30), "test"))
    await content.remember_versions(conn, town.house.pack)
    await content.remember_consent(conn, town.house.consent, JOINED)
    tree = await town.house.tree(conn, date(2020, 1, 6))
    town.unit = {unit.code: unit.id for unit in tree.units}
    return town


async def populated(conn: AsyncConnection, folder: Path, sizes: Mapping[str, int], *forms: Questionnaire) -> Town:
    """The town with its officer, "canbo" at the top, and people, "xa-1.0" and so on, who joined before."""
    town = await found(conn, folder, *forms)
    await town.join("canbo", "tinh")
    await town.appoint("canbo", "tinh")
    for code, size in sizes.items():
        for number in range(size):
            await town.join(f"{code}.{number}", code)
    town.at = OPEN["2020-01"]
    return town
