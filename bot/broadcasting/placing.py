"""Puts copies where people fetch them themselves: a page of the web chat, which may be opened today, or never.

Nothing is asked of a platform, so nothing is ever in doubt: a copy is put, counted and dropped in one transaction.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.broadcasting.layouts import Layout, Layouts, cause
from bot.broadcasting.office import Office
from bot.broadcasting.pace import Pace
from bot.broadcasting.slices import stop
from bot.outcomes import Unavailable
from handlers.choosing import choose
from handlers.quiet import quiet
from locales.formats import local_day
from models import outbox, recipients
from models.database import Connection
from models.messages import Address, Outbound
from models.outbox import Letter
from models.postings import Tallied
from models.recipients import Found

AT_ONCE = 25  # copies in one transaction
IDLE = 0.5


class Placing:
    """One channel's; `hand` wakes whoever has the page open."""

    def __init__(self, office: Office, layouts: Layouts, channel: str, hand: Callable[[Letter], None]) -> None:
        self._office = office
        self._layouts = layouts
        self._channel = channel
        self._hand = hand
        self._pace = Pace(office.house.paces[channel] / AT_ONCE)

    async def run(self) -> None:
        """Place copies until the office stops."""
        while not self._office.stopping:
            placed = False
            with suppress(Unavailable):
                placed = await self._turn()
            if not placed:
                await self._office.wait(IDLE)

    async def _turn(self) -> bool:
        """Place some; False when there were none."""
        house = self._office.house
        if not self._office.running or quiet(self._office.now(), house.pack):
            return False
        await self._pace.turn()
        layouts = await self._layouts_of(await self._office.read(self._next))
        letters = await self._office.write(lambda conn: self._place(layouts, conn))
        for letter in letters:
            self._hand(letter)
        return bool(letters)

    async def _next(self, conn: Connection) -> list[Found]:
        return await recipients.find(conn, self._channel, self._office.now(), AT_ONCE)

    async def _layouts_of(self, found: list[Found]) -> dict[tuple[int, str], Outbound]:
        laid_out: dict[tuple[int, str], Outbound] = {}
        on = local_day(self._office.now())
        for id, language in sorted({(each.broadcast_id, each.language or "") for each in found if each.user}):
            try:
                laid_out[id, language] = await self._layouts.outbound(Layout(id, self._channel, language, on))
            except Unavailable:
                raise
            except Exception as error:  # as in `Sender`
                why = cause(error, self._channel)
                await self._office.write(partial(stop, id=id, reason=why, at=self._office.now()))
        return laid_out

    async def _place(self, layouts: dict[tuple[int, str], Outbound], conn: Connection) -> list[Letter]:
        at, road = self._office.now(), self._office.ground.road
        chosen = await choose(conn, self._office.house, self._channel, at, AT_ONCE)
        able = [each for each in chosen if (each.broadcast_id, each.language or "") in layouts]
        marked = await recipients.mark(conn, [each.id for each in able], trying=True)
        ready = [each for each in able if each.id in marked]
        copies = [
            replace(layouts[each.broadcast_id, each.language or ""], to=Address(self._channel, each.user or ""))
            for each in ready
        ]
        letters = await outbox.put(conn, road.keys, road.period(at), copies, at)
        await recipients.settle(conn, {each.id: Tallied(self._channel, "placed") for each in ready}, tried=True)
        return letters
