"""Sends the copies of one channel at its pace, in slices of a quarter of a second.

A slice is marked in the transaction that settles the one before, so what a death leaves in doubt is a slice and what
was on its way. Nothing is written for a single copy. While the platform rests nothing is marked, and after the rest
answers to people go first.
"""

import asyncio
import logging
from collections.abc import Sequence

from bot.broadcasting.layouts import Layout, Layouts, cause
from bot.broadcasting.mail import AT_ONCE, Each, Mail
from bot.broadcasting.office import Office
from bot.broadcasting.pace import Pace
from bot.broadcasting.slices import Settled, Slice
from bot.broadcasting.strikes import Strikes
from bot.outcomes import Closed, Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from handlers.quiet import quiet
from locales.formats import local_day
from models.dead_letters import bounded
from models.messages import Address
from models.postings import Tallied
from models.recipients import Found

log = logging.getLogger(__name__)

SLICE = 0.25  # seconds
IDLE = 0.25
ANSWERS_FIRST = 5.0  # seconds for which answers may be tried alone after a rest
TRIES = 8  # of one copy that is put off again and again while others get through
PUT_OFF = "put off again and again while others got through"
COUNTED = {Sent: "sent", Gone: "gone", Unknown: "unknown", Closed: "unreachable"}


class Sender:
    """One channel's, for as long as its office holds the lease."""

    def __init__(self, office: Office, layouts: Layouts, mail: Mail) -> None:
        self._office = office
        self._layouts = layouts
        self._mail = mail
        self._rest = mail.delivery.rest
        self._pace = Pace(office.house.paces[mail.channel])
        self._settled = Settled()
        self._strikes: dict[int, Strikes] = {}
        self._each: dict[Layout, Each] = {}
        self._put_off: dict[int, tuple[int, int]] = {}  # by copy: how often, and how many had got through by then
        self._through = 0
        self._out: dict[asyncio.Task[None], int] = {}  # with the copy that each sends
        self._doubtful = False  # whether the last transaction may have been committed, though we were told otherwise

    async def run(self) -> None:
        """Send until the office stops; then settle what is on its way."""
        async with asyncio.TaskGroup() as tasks:
            while not self._office.stopping:
                if not await self._turn(tasks):
                    await self._wait()
            if self._out:
                await asyncio.wait(self._out)
            await self._cut(0)

    async def _turn(self, tasks: asyncio.TaskGroup) -> bool:
        """Settle, mark and send one slice; False when there was nothing to send."""
        most = await self._most()
        copies = await self._cut(most) if self._settled or self._doubtful or most else []
        for at, copy in enumerate(copies):
            await self._pace.turn()
            if self._rest.left or self._office.stopping:
                self._settled.back += [each.id for each in copies[at:]]
                break
            if copy.broadcast_id in self._settled.stops:
                self._settled.back.append(copy.id)
            elif each := await self._ready(copy):
                self._launch(tasks, copy, each)
        if len(copies) == 1 and self._rest.shut and self._out:
            await asyncio.wait(self._out)
        return bool(copies)

    async def _most(self) -> int:
        """How many copies may be marked now."""
        if not self._office.running or quiet(self._office.now(), self._office.house.pack) or self._rest.left:
            return 0
        if self._rest.shut:
            await self._answers_first()
            return 1 if not self._out and not self._rest.left else 0
        room = min(AT_ONCE, max(8, round(self._pace.rate))) - len(self._out)
        return max(0, min(room, round(self._pace.rate * SLICE) or 1))

    async def _answers_first(self) -> None:
        """Let the answers that wait ask the platform whether it takes anything again."""
        until = asyncio.get_running_loop().time() + ANSWERS_FIRST
        while self._rest.shut and self._mail.delivery.busy and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def _cut(self, most: int) -> Sequence[Found]:
        settled, at = self._settled, self._office.now()
        slice = Slice(self._office.house, self._mail, settled, most, frozenset(self._out.values()), self._doubtful, at)
        self._settled = Settled()
        try:
            copies = await self._office.write(slice.cut)
        except Unavailable:
            self._settled, self._doubtful = _both(settled, self._settled), True
            await asyncio.sleep(1.0)
            return ()
        self._doubtful = False
        return copies

    async def _wait(self) -> None:
        """Return when something may be done: a copy came back, copies were laid out, or the platform rested."""
        news = asyncio.ensure_future(self._office.wait(IDLE))
        await asyncio.wait([news, *self._out], return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

    async def _ready(self, copy: Found) -> Each | None:
        """What sends this copy; None where it cannot be laid out, and then its broadcast stops."""
        of = Layout(copy.broadcast_id, self._mail.channel, copy.language or "", local_day(self._office.now()))
        try:
            outbound = await self._layouts.outbound(of)
            if of not in self._each:
                self._each = {known: each for known, each in self._each.items() if known.on == of.on}
                self._each[of] = self._mail.ready(outbound)
        except Exception as error:  # a bug of ours stops one broadcast, and nobody else's messages
            self._settled.back.append(copy.id)
            if not isinstance(error, Unavailable):
                self._settled.stops[copy.broadcast_id] = cause(error, self._mail.channel)
            return None
        return self._each[of]

    # ---- one copy

    def _launch(self, tasks: asyncio.TaskGroup, copy: Found, each: Each) -> None:
        task = tasks.create_task(self._send(copy, each))
        self._out[task] = copy.id
        task.add_done_callback(self._out.pop)

    async def _send(self, copy: Found, each: Each) -> None:
        try:
            outcome = await each(copy.user or "")
        except Exception as error:  # a bug of ours must not stop everybody's messages
            log.exception("sending failed", extra={"channel": self._mail.channel, "kind": type(error).__name__})
            outcome = Refused(type(error).__name__)
        self._rest.note(outcome)
        self._note(copy, outcome)
        if isinstance(outcome, Throttled):
            await self._mail.delivery.keep_rest()

    def _note(self, copy: Found, outcome: Outcome) -> None:
        channel, settled = self._mail.channel, self._settled
        strikes = self._strikes.setdefault(copy.broadcast_id, Strikes())
        if reason := strikes.note(channel, outcome):
            settled.stops.setdefault(copy.broadcast_id, reason)
            del self._strikes[copy.broadcast_id]  # whoever lets it go on begins anew
        match outcome:
            case Throttled() if self._put_off_again(copy):
                settled.back.append(copy.id)
            case Throttled():
                settled.became[copy.id] = Tallied(channel, "refused", PUT_OFF)
            case Refused(reason):
                settled.became[copy.id] = Tallied(channel, "refused", bounded(reason)[:80])
            case _:
                settled.became[copy.id] = Tallied(channel, COUNTED[type(outcome)])
                self._put_off.pop(copy.id, None)
        if isinstance(outcome, Gone):
            settled.gone.append(Address(channel, copy.user or ""))
        if isinstance(outcome, Sent):
            self._through += 1
            settled.messages += 1 + len(outcome.above)

    def _put_off_again(self, copy: Found) -> bool:
        """Count that a copy was put off while others got through; False when that was too often."""
        tries, through = self._put_off.get(copy.id, (0, self._through))
        tries += through < self._through
        self._put_off[copy.id] = (tries, self._through)
        return tries < TRIES


def _both(one: Settled, other: Settled) -> Settled:
    return Settled(
        one.became | other.became,
        [*one.back, *other.back],
        [*one.gone, *other.gone],
        {**other.stops, **one.stops},
        one.messages + other.messages,
    )
