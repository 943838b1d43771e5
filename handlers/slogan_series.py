"""A schedule of slogans as broadcasts: one for each occasion, of the campaign's own words, handed in together."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from conversations.campaign import Slogan
from conversations.posts import of_slogan
from handlers import broadcast_work
from handlers.content import written
from handlers.slogan_plan import Occasion, Wish
from handlers.visit import Visit
from models import broadcasts, posts, series
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import CANCELLED, EDITABLE, Broadcast, Plan

TOPIC = "slogans"
TOGETHER = (*EDITABLE, CANCELLED)  # statuses in which those that have not begun are shown as one
PAST = "past"  # the reason why an occasion is ended whose moment came before anybody approved it


@dataclass(frozen=True, slots=True)
class Schedule:
    """What an officer has chosen so far; `unit` "" writes to nobody one by one, `first` is when it begins."""

    phase: str
    first: datetime
    rhythm: str = "week"
    unit: str = ""
    outlets: tuple[str, ...] = ()

    @property
    def wish(self) -> Wish:
        """The part of it that decides about moments."""
        return Wish(self.phase, self.first, self.rhythm, bool(self.unit))

    @property
    def plan(self) -> Plan:
        """What all its broadcasts have in common: open, so that who subscribes later gets what comes later."""
        audience = Audience(TOPIC, unit=self.unit) if self.unit else None
        return Plan(0, 0, audience, self.outlets, kind=series.KIND, frozen=False)


async def hand_in(visit: Visit, schedule: Schedule, found: Iterable[Occasion]) -> None:
    """Submit a broadcast for each occasion, all of one series."""
    act, name, plan = broadcast_work.act(visit), secrets.token_hex(8), schedule.plan
    words: dict[str, tuple[int, int]] = {}
    for each in found:
        if each.slogan.id not in words:
            words[each.slogan.id] = await _post(visit, each.slogan, schedule.phase)
        post, number = words[each.slogan.id]
        its = replace(plan, post_id=post, version=number, start_at=each.at, until=each.until, series=name)
        id = await broadcasts.draft(visit.conn, its, act)
        await broadcasts.submit(visit.conn, id, act)


async def _post(visit: Visit, slogan: Slogan, phase: str) -> tuple[int, int]:
    """The post of a slogan in a phase, the one that is there if there is one: its words are the campaign's alone."""
    kept = written(of_slogan(slogan, visit.house.pack, phase))
    if known := await posts.alike(visit.conn, kept):
        return known.post_id, known.number
    return await posts.add(visit.conn, kept, Act(visit.at, posts.PACK)), 1


def gathered(known: Iterable[Broadcast]) -> list[list[Broadcast]]:
    """Put what of a schedule stands alike and has not begun together, where the first stood; all else alone."""
    groups: dict[object, list[Broadcast]] = {}
    for each in known:
        together = each.plan.kind == series.KIND and each.status in TOGETHER and each.started_at is None
        groups.setdefault((each.plan.series, each.status) if together else each.id, []).append(each)
    return list(groups.values())


async def of(visit: Visit, name: str, status: str, *roles: str) -> list[Broadcast]:
    """The occasions of a schedule in a status, for somebody whose role covers them, in the order of their moments."""
    found = await series.of(visit.conn, name)
    alike = [each for each in found if each.status == status and each.started_at is None]
    return [each for each in alike if await broadcast_work.covers(visit, each.plan, *roles)]


async def digest(visit: Visit, found: Iterable[Broadcast]) -> str:
    """Know all that is shown of occasions by 64 hexadecimal digits, made of the seal of each."""
    seals = [f"{each.id} {await broadcasts.seal(visit.conn, each)}" for each in found]
    return sha256("\n".join(seals).encode()).hexdigest()


async def end(visit: Visit, name: str, *roles: str) -> int:
    """End for good what a schedule still has; tells how many occasions that were."""
    its = await series.locked(visit.conn, name)
    rest = [each for each in its if each.status in EDITABLE and await broadcast_work.covers(visit, each.plan, *roles)]
    for each in rest:
        await broadcasts.cancel(visit.conn, each.id, broadcast_work.act(visit))
    return len(rest)
