"""How many people an audience is, and how long it takes to write to them. Counts subscribers, never what they said."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from handlers.house import House
from handlers.quiet import awake
from locales.formats import VIETNAM, local_day
from models import audiences
from models.audiences import Reach, Size
from models.catchments import catchment
from models.database import Connection

ACCOUNT = "zalo-oa"  # nobody is written to there one by one; what is posted can be read on its page
UNREACHED = ""


MANY = 20_000  # people: some tenths of a second
LASTING = timedelta(minutes=5)
REMEMBERED = 20


async def size(conn: Connection, house: House, reach: Reach, at: datetime) -> Size:
    """Count an audience. A large one is remembered for some minutes: counting it keeps everybody else waiting."""
    key = (reach.audience, tuple(reach.channels), reach.before)
    known = house.sizes.get(key)
    if known and at - LASTING < known[0] <= at:
        return known[1]
    counted = await _count(conn, house, reach, local_day(at))
    if counted.people >= MANY:
        house.sizes = {**dict(list(house.sizes.items())[-REMEMBERED:]), key: (at, counted)}
    return counted


async def _count(conn: Connection, house: House, reach: Reach, on: date) -> Size:
    tree = await house.tree(conn, on)
    groups = await audiences.sizes(conn, Reach(reach.audience, (*reach.channels, ACCOUNT), reach.before))
    approved = local_day(reach.before) if reach.before else on
    units = await catchment(conn, reach.audience, tree, (on, approved))
    wanted = await units.of(conn, {group.unit_id for group in groups})
    found: Counter[str] = Counter()
    for group, people in groups.items():
        if group.unit_id in wanted:
            found[group.channel] += people
    page, unreached = found.pop(ACCOUNT, 0), found.pop(UNREACHED, 0)
    return Size(found, page, unreached)


def seconds(house: House, channels: Counter[str]) -> float:
    """How long the slowest channel needs at its pace; those without one take no time."""
    needs = [people / house.paces[name] for name, people in channels.items() if house.paces.get(name)]
    return max(needs, default=0.0)


def over_at(house: House, at: datetime, needed: float) -> datetime:
    """When something is done that begins at a moment, needs so many seconds, and rests in the quiet hours."""
    begun, left = awake(at, house.pack), timedelta(seconds=needed)
    while begun + left > (quiet := _next_quiet(begun, house.pack.quiet.since)):
        left -= quiet - begun
        begun = awake(quiet, house.pack)
    return begun + left


def _next_quiet(at: datetime, hour: int) -> datetime:
    here = at.astimezone(VIETNAM)
    start = datetime.combine(here.date(), time(hour), VIETNAM)
    return start if start > here else start + timedelta(days=1)
