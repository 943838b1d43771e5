"""Clears a chat of answers: notes which of its messages show any, and has the channel take them away.

The notes lie in the sealed record of each questionnaire and nowhere else: they would tell when somebody answered.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from conversations.places import Place
from conversations.screens import Screen
from conversations.traces import added
from handlers.house import House
from handlers.visit import Visit
from models import answers, people
from models.database import Connection
from models.keys import KeyLost
from models.messages import Outbound
from models.periods import period_of
from models.slips import Slip

RECENT, PAGE = "recent", "page"  # how channels clear a chat, see `House.erases`


def way(visit: Visit) -> str:
    """Tell how the channel of this visit clears a chat; "" where it cannot."""
    return visit.house.erases.get(visit.inbound.sender.channel, "")


def noted(visit: Visit, place: Place) -> Place:
    """Give the place with what was tapped or sent just now among its traces, where they are of use."""
    if way(visit) != RECENT:
        return place
    return replace(place, traces=added(place.traces, (visit.inbound.screen, visit.inbound.message)))


async def keep(visit: Visit, screen: Screen) -> None:
    """Keep the traces of this visit that were not kept with an answer: of a remark, or of a screen opened anew."""
    if way(visit) != RECENT:
        return
    for id in screen.shows:
        kept, place = await _places(visit, id)
        begun = kept is not None or (visit.inbound.message and not visit.step)  # to look at a question begins nothing
        if place is not None and place != kept and begun:
            await _keep(visit, place)


async def _places(visit: Visit, id: str) -> tuple[Place | None, Place | None]:
    if visit.place is not None and visit.place.questionnaire == id:
        return visit.kept, visit.place
    found = await answers.find(visit.conn, visit.house.keys, visit.person.id, id)
    kept = Place.from_json(found.record) if found.record else None
    return kept, kept and noted(visit, kept)


async def _keep(visit: Visit, place: Place) -> None:
    slip = Slip(visit.person.id, place.questionnaire, place.to_json().encode())
    await answers.keep(visit.conn, visit.house.keys, visit.period, slip)


async def shown(house: House, at: datetime, outbound: Outbound, ids: Sequence[str], conn: Connection) -> None:
    """Note what the platform calls a message that was sent, for the answers that it shows; a gone record stays gone."""
    person = await people.find(conn, outbound.to)
    for id in outbound.shows if person else ():
        assert person is not None
        found = await answers.find(conn, house.keys, person.id, id)
        if found.record is None:
            continue
        place = Place.from_json(found.record)
        traces = added(place.traces, ids)
        if traces != place.traces:
            slip = Slip(person.id, id, replace(place, traces=traces).to_json().encode())
            await answers.keep(conn, house.keys, period_of(at, house.pack.period_close_day), slip)


async def offered(visit: Visit, id: str) -> bool:
    """Tell whether there is something that the channel could take away for a questionnaire."""
    if way(visit) != RECENT or visit.cleared:
        return way(visit) == PAGE and not visit.cleared
    kept, _ = await _places(visit, id)
    return kept is not None and kept.traces != ()


def empties(visit: Visit) -> bool:
    """Tell whether the answer to this visit is to empty the page that it comes to."""
    return visit.cleared and way(visit) == PAGE


async def clear(visit: Visit, *ids: str) -> None:
    """Have everything that shows answers to these questionnaires taken away, say so, and forget what it was."""
    visit.cleared = visit.step = True
    for id in ids:
        await _clear(visit, id)
    visit.notice(visit.t("receipt.cleared.page" if empties(visit) else "receipt.cleared.recent"))


async def _clear(visit: Visit, id: str) -> None:
    kept, place = await _places(visit, id)
    if kept is None or place is None:
        return
    visit.asides += await _deletions(visit, place.traces)
    if kept.traces:
        await _keep(visit, replace(kept, traces=()))


async def goodbye(visit: Visit) -> list[Outbound]:
    """Have everything taken away that shows answers not yet added up: after this nobody knows what it was."""
    slips: list[Slip] = []
    with suppress(KeyLost):  # what cannot be read any more is erased all the same
        slips = await answers.slips(visit.conn, visit.house.keys, visit.person.id)
    traces = {trace for slip in slips for trace in Place.from_json(slip.record).traces}
    return await _deletions(visit, sorted(traces))


async def _deletions(visit: Visit, traces: Iterable[int]) -> list[Outbound]:
    # Numbers of another account of the same person are not found in this chat and are passed over by the platform.
    edited = visit.inbound.screen if visit.inbound.tap and not visit.fresh else ""
    ids = tuple(id for id in map(str, traces) if id != edited)
    if not ids:
        return []
    addresses = await people.addresses(visit.conn, visit.person.id)
    return [Outbound(at, "", deletes=ids) for at in addresses if visit.house.erases.get(at.channel) == RECENT]
