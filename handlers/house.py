"""What a handler may lean on beside the person in front of it. Built once at start; holds no person and no clock."""

from dataclasses import dataclass, field
from datetime import date

from conversations.packs import Pack
from conversations.questions import Questionnaire
from locales.phrases import Phrases
from models.database import Connection
from models.keys import Keys
from models.units import Tree, load_tree


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
        """The unit tree of a day. Kept for that day: an import while we run is seen after `forget_trees`."""
        if on not in self._trees:
            self._trees = {on: await load_tree(conn, on)}
        return self._trees[on]

    def forget_trees(self) -> None:
        """Read the tree again at the next use."""
        self._trees = {}
