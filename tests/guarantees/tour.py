"""Everything that can be seen: each screen of each command, to the last button, by whoever goes on the tour.

A new command is found by itself. Not toured are those that are about the visitor alone, or undo what was built.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import update

from handlers.commands import OFFICER
from models.messages import Outbound
from models.people import person
from tests.guarantees.town import Town, taps

OWN = {"start", "mydata", "forget", "link", "language", "stop"}
MOST = 400


def commands(town: Town, *, officers: bool) -> list[str]:
    """The commands of a tour: all that officers alone have, or those that everybody has."""
    menu = town.reception.registry.menu
    return [each.name for each in menu if each.name not in OWN and (OFFICER in each.roles) is officers]


async def tour(town: Town, who: str, names: Iterable[str] | None = None) -> dict[str, Outbound]:
    """Look at everything; give each screen by where it is, without the numbers that count screens."""
    seen: dict[str, Outbound] = {}
    for name in names or [*commands(town, officers=True), *commands(town, officers=False)]:
        await _walk(town, who, name, seen)
    return seen


async def glance(town: Town, who: str) -> list[Outbound]:
    """Look at the first page of every unit and questionnaire, and at /results: all figures there are, entered."""
    tree, forms = await town.tree(), town.house.pack.questionnaires
    seen = [await town.say(who, f"/summary {unit.short_name} {form}") for unit in tree.post_order() for form in forms]
    return [_bare(screen) for screen in (*seen, await town.say(who, "/results"))]


async def _walk(town: Town, who: str, name: str, seen: dict[str, Outbound]) -> None:
    id, known = (await town.person(who)).id, set[Outbound]()
    waiting = [(await town.say(who, f"/{name}"), await _stands(town, who))]
    while waiting:
        screen, stands = waiting.pop()
        if _bare(screen) in known:
            continue
        seen[stands] = _bare(screen)
        known.add(seen[stands])
        assert len(seen) < MOST
        for tap in taps(screen):
            if tap.partition(".")[2].startswith("go:"):
                continue
            talk, data, revision = json.loads(stands)[0], json.loads(stands)[1], int(tap.partition(".")[0])
            back = {"talk_name": talk, "talk_data": data, "revision": revision}
            await town.conn.execute(update(person).where(person.c.id == id).values(back))
            further = await town.say(who, tap=tap)
            where = await _stands(town, who)
            if json.loads(where)[0] == name:
                waiting.append((further, where))


async def _stands(town: Town, who: str) -> str:
    its = await town.person(who)
    return json.dumps([its.talk, json.dumps(dict(its.data), ensure_ascii=False, sort_keys=True)], ensure_ascii=False)


def _bare(screen: Outbound) -> Outbound:
    rows = tuple(tuple(replace(each, tap=each.tap.partition(".")[2]) for each in row) for row in screen.buttons)
    return replace(screen, buttons=rows, edits="")
