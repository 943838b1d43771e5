"""One message from one person, while it is being answered. Lives in one transaction and commits nothing itself."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from conversations.places import Place
from conversations.questions import Questionnaire
from handlers.house import House
from locales.formats import local_day
from models import officers
from models.database import Connection
from models.messages import Inbound, Outbound
from models.officers import Grant
from models.people import Person
from models.periods import period_of
from models.units import Tree, Unit, successor

RETURNS = ("questionnaire", "unit")  # what is gone on with where it was, after the consent is given again


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as help lists it: who may use it (none: everybody), whether guests may too, whether it is a right."""

    name: str
    roles: tuple[str, ...]
    guests: bool
    rights: bool


@dataclass(slots=True)
class Visit:
    """What a handler has in its hands: the connection, the house, the person, what came in, and what was decided.

    `go` opens another talk, `change` keeps something about the person, `notice` says something before the next screen.
    `fresh` asks for a new message even after a tap (a receipt that stays). `role` names the roles held now, where one
    began just now ("worker": the last one ended). `step` says that the screen has moved on, so that taps on the old one
    no longer count; ticking a list of several does not move on. `kept` is the place as it is in the record; `asides` go
    out before the answer; `cleared` says that the chat is being cleared of answers.
    """

    conn: Connection
    house: House
    person: Person
    inbound: Inbound
    notices: list[str] = field(default_factory=list)
    asides: list[Outbound] = field(default_factory=list)
    fresh: bool = False
    step: bool = False
    forgotten: bool = False
    role: str = ""
    merged: Person | None = None
    form: Questionnaire | None = None
    place: Place | None = None
    kept: Place | None = None
    cleared: bool = False
    closed: str = ""
    menu: tuple[Entry, ...] = ()
    _grants: list[Grant] | None = None

    @property
    def at(self) -> datetime:
        """Now, as the message says."""
        return self.inbound.at

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return local_day(self.at)

    @property
    def period(self) -> str:
        """The period that answers given now belong to."""
        return period_of(self.at, self.house.pack.period_close_day)

    @property
    def lang(self) -> str:
        """The person's language."""
        return self.person.language

    @property
    def guest(self) -> bool:
        """Whether the person has agreed to nothing yet."""
        return self.person.consent_version is None

    @property
    def agreed(self) -> bool:
        """Whether the person agreed to the text of now: who agreed to an older one is asked again."""
        return self.person.consent_version == self.house.consent.version

    def may_open(self, *, guests: bool, rights: bool) -> bool:
        """Whether a talk is open to this person: all with consent, one's rights with that of an older text."""
        return self.agreed or guests or (rights and not self.guest)

    def t(self, key: str, /, **values: object) -> str:
        """Say a phrase of the catalogue in the person's language."""
        return self.house.phrases.say(self.lang, key, **values)

    def go(self, talk: str, **data: Any) -> None:
        """Open a talk. What somebody came with, or was in the middle of, waits until they have agreed."""
        if not self.agreed:
            data = {**self._waiting(), **data}
        self.person = replace(self.person, talk=talk, data=data)
        self.step = True

    def _waiting(self) -> dict[str, Any]:
        talk, data = self.person.talk, self.person.data
        waits = {name: data[name] for name in ("token", "back") if name in data}
        if talk in RETURNS and not self.guest:
            waits["back"] = {"talk": talk, "data": {name: value for name, value in data.items() if name != "read"}}
        return waits

    def change(self, **values: Any) -> None:
        """Keep something new about the person (`language`, `unit_id`, …)."""
        self.person = replace(self.person, **values)

    def notice(self, text: str) -> None:
        """Say something before the next screen."""
        self.notices.append(text)

    def merge(self, kept: Person) -> None:
        """Go on as another record of the same person; the record of before is erased when the answer is kept."""
        self.merged = kept
        self.person = kept
        self._grants = None

    async def tree(self) -> Tree:
        """The unit tree of today."""
        return await self.house.tree(self.conn, self.today)

    def units(self, tree: Tree, key: str) -> list[Unit]:
        """The units that the open talk remembers under a key, those that still are."""
        return [unit for unit in map(tree.get, self.person.data.get(key, ())) if unit]

    async def unit_name(self, unit_id: str | None) -> str:
        """The name of a unit, or of the one that it was merged into, told apart from homonyms; "–" for none."""
        tree = await self.tree()
        if unit_id and unit_id not in tree:
            unit_id = await successor(self.conn, unit_id, self.today)
        return tree.label(unit_id) if unit_id and unit_id in tree else "–"

    async def new_roles(self) -> None:
        """Let what the person may do be known anew, here and in the menus of their chat."""
        self._grants = None
        self.role = " ".join(sorted({grant.role for grant in await self.grants()}))

    async def grants(self) -> list[Grant]:
        """The roles that the person holds, asked once a message."""
        if self._grants is None:
            self._grants = await officers.grants(self.conn, self.person.id)
        return self._grants
