"""The example federation with its real pack, workers who have answered, and an officer at the desk."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.places import Answer, Place
from conversations.questions import Questionnaire, SeveralQuestion
from handlers import content, talks
from handlers.calendar import SENDER
from handlers.house import House
from handlers.reception import Reception
from locales.phrases import load
from models import answers, people, rules, subscriptions
from models.audit import Act
from models.keys import Keys
from models.messages import Address, Inbound, Outbound
from models.officers import role_grant
from models.people import guest, person
from models.slips import Slip
from models.subscriptions import ASKED
from models.units import Tree

PACK = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136"
AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
LATER = datetime(2020, 1, 9, 3, tzinfo=UTC)
OFFICER = Address("console", "officer")


@dataclass(slots=True)
class Province:
    """The desk of a federation, asked by one officer. `consent`: what people answer under, if not the text of now."""

    conn: AsyncConnection
    house: House
    reception: Reception
    tree: Tree
    said: int = 0
    consent: str | None = None
    chance: random.Random = field(default_factory=lambda: random.Random(136))

    def unit(self, name: str) -> str:
        """The id of the unit with a short name."""
        return next(unit.id for unit in self.tree.post_order() if unit.short_name == name)

    async def say(self, text: str = "", *, tap: str = "", at: datetime = LATER) -> Outbound:
        """Say something as the officer, and give what comes back."""
        self.said += 1
        inbound = Inbound(id=str(self.said), sender=OFFICER, at=at, text=text, tap=tap)
        return (await self.reception.attend(self.conn, inbound))[0]

    async def press(self, screen: Outbound, label: str) -> Outbound:
        """Press the button whose label begins so."""
        buttons = [button for row in screen.buttons for button in row]
        return await self.say(tap=next(button.tap for button in buttons if button.label.startswith(label)))

    async def appoint(self, unit_id: str) -> None:
        """Make the officer one of a unit, who was asked already what to be sent."""
        one = guest("vi", "2019-12-01")
        changed = {"consent_version": self.house.consent.version, "joined_period": "2019-12", "unit_id": unit_id}
        await people.store(self.conn, _with(one, changed), OFFICER)
        await subscriptions.choose(self.conn, one.id, ASKED, True, AT)
        grant = {"person_id": one.id, "role": "officer", "unit_id": unit_id, "granted_at": AT, "granted_by": "test"}
        await self.conn.execute(insert(role_grant), grant)

    async def dismiss(self) -> None:
        """End the officer's role."""
        await self.conn.execute(update(role_grant).values(ended_at=AT))

    async def answer(self, form: str, unit_id: str, number: int, words: Sequence[str] = ()) -> None:
        """Let some people of a unit answer a questionnaire, at random but always the same."""
        questionnaire = self.house.pack.questionnaires[form]
        await rules.freeze(self.conn, form, content.pack_rules(self.house.pack)[form], date(2020, 1, 6), "v")
        for index in range(number):
            one = self.chance.getrandbits(60)
            common = {"language": "vi", "talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01"}
            await self.conn.execute(insert(person), {"id": one, "joined_period": "2019-12", **common})
            place = self._place(questionnaire, words[index] if index < len(words) else "")
            slip = Slip(one, form, place.to_json().encode())
            await answers.submit(self.conn, self.house.keys, "2020-01", unit_id, slip)

    def _place(self, form: Questionnaire, words: str) -> Place:
        given: dict[str, Answer] = {}
        for step in form.steps:
            keys = list(step.keys())
            if isinstance(step, SeveralQuestion):
                given[step.id] = Answer(tuple(sorted(self.chance.sample(keys[:5], min(step.most, 2)))))
            elif keys:
                given[step.id] = Answer(keys[min(int(self.chance.expovariate(1.3)), len(keys) - 1)])
            elif step.kind == "words" and words:
                given[step.id] = Answer(words)
        consent = self.house.consent.version if self.consent is None else self.consent
        return Place(form.id, form.version, "", given, sent=True, consent=consent)

    async def close(self, form: str, period: str = "2020-01") -> None:
        """Let the calendar close a period."""
        text = f"release:{form}:{period}"
        await self.reception.attend(self.conn, Inbound(id=text, sender=SENDER, at=LATER, text=text))


def _with(one: people.Person, changed: Mapping[str, object]) -> people.Person:
    return people.Person(**{**{name: getattr(one, name) for name in one.__slots__}, **changed})


async def province(conn: AsyncConnection, folder: Path) -> Province:
    """The federation on the rehearsal's day, with nobody in it."""
    phrases = load()
    keys = Keys.open(folder / "keys.json")
    house = House(content.read_pack(PACK), phrases, keys, below=Random(136).randrange)
    await content.plant_units(conn, PACK / "units.csv", Act(AT - timedelta(days=1), "test"))
    await content.remember_versions(conn, house.pack)
    await content.remember_consent(conn, house.consent, AT)
    tree = await house.tree(conn, date(2020, 1, 6))
    return Province(conn, house, Reception(house, talks.registry(phrases)), tree)
