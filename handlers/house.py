"""What a handler may lean on beside the person in front of it. Built once at start; holds no person and no clock."""

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from conversations.packs import Pack
from conversations.questions import Questionnaire
from handlers import consent_text
from locales.phrases import Phrases
from models.audiences import Size
from models.budget import Budget
from models.consents import ConsentText
from models.database import Connection
from models.keys import Keys
from models.messages import Outbound
from models.noise import Below
from models.units import Tree, last_edition, load_tree


@dataclass(slots=True)
class House:
    """The pack, the phrases, the keys, and the unit tree of the day, which is read again when it may have changed.

    `below` is where chance comes from: `below(n)` gives a whole number from 0 to n - 1. `erases` says of each open
    channel how it clears a chat of answers, if it can: "recent" by the ids of messages, "page" by emptying its page.
    `overheard` names the channels where people of the organisation can read the chats, so that nothing sensitive and no
    free text should be typed there; `watched` those too where it may be typed all the same.
    `budgets` says of the channels that have a plan how much of it is used; `down` names the channels that are down for
    a while, and since when.
    `mailing` names the channels on which people can be sent what is published, the preferred first; `paces` says how
    many messages a second may be used for that; `wordy` names those without buttons, `changes` those where a message
    can be changed in place; `previews` gives the texts in which a channel or an outlet would show a message. `sizes`
    remembers large audiences, and when they were counted.
    """

    pack: Pack
    phrases: Phrases
    keys: Keys
    public_url: str = ""
    telegram_name: str = ""
    rehearsal: bool = False
    below: Below = secrets.randbelow
    forms: dict[str, Questionnaire] = field(default_factory=dict)
    erases: dict[str, str] = field(default_factory=dict)
    overheard: set[str] = field(default_factory=set)
    watched: set[str] = field(default_factory=set)
    budgets: dict[str, Budget] = field(default_factory=dict)
    down: Callable[[], Mapping[str, datetime]] = dict
    mailing: list[str] = field(default_factory=list)
    paces: dict[str, float] = field(default_factory=dict)
    wordy: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    previews: dict[str, Callable[[Outbound], list[str]]] = field(default_factory=dict)
    sizes: dict[Hashable, tuple[datetime, Size]] = field(default_factory=dict)
    _trees: dict[date, Tree] = field(default_factory=dict)
    _consent: ConsentText | None = None

    @property
    def consent(self) -> ConsentText:
        """What people are asked to agree to now."""
        if self._consent is None:
            self._consent = consent_text.current(self.pack, self.phrases)
        return self._consent

    async def tree(self, conn: Connection, on: date) -> Tree:
        """The unit tree of a day, read again when another day or another edition of the tree has come."""
        known = self._trees.get(on)
        if known is None or known.edition != await last_edition(conn):
            known = await load_tree(conn, on)
            self._trees = {on: known}
        return known
