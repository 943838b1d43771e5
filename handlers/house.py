"""What a handler may lean on beside the person in front of it. Built once at start; holds no person and no clock."""

from dataclasses import dataclass, field
from datetime import date

from conversations.packs import Pack
from conversations.questions import Questionnaire
from locales.phrases import Phrases
from models.database import Connection
from models.keys import Keys
from models.units import Tree, last_edition, load_tree


@dataclass(slots=True)
class House:
    """The pack, the phrases, the keys, and the unit tree of the day, which is read again when it may have changed."""

    pack: Pack
    phrases: Phrases
    keys: Keys
    public_url: str = ""
    telegram_name: str = ""
    rehearsal: bool = False
    forms: dict[str, Questionnaire] = field(default_factory=dict)
    _trees: dict[date, Tree] = field(default_factory=dict)

    async def tree(self, conn: Connection, on: date) -> Tree:
        """The unit tree of a day, read again when another day or another edition of the tree has come."""
        known = self._trees.get(on)
        if known is None or known.edition != await last_edition(conn):
            known = await load_tree(conn, on)
            self._trees = {on: known}
        return known
