"""What the house kept of sane people, beside what they meant."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from bot.foundation import PACKS
from bot.settings import Settings
from conversations.packs import load
from conversations.places import Place
from models import answers, dead_letters, outbox, people
from models.database import open_engine
from models.keys import Keys
from tests.fuzz.hooks import FORGERS
from tests.walks.walker import Walker


async def records(settings: Settings, channel: str, walked: Sequence[tuple[Walker, str]]) -> tuple[int, list[str]]:
    """Count the records that are kept, and say whose of those who `walked` is not what they meant, in their unit."""
    engine, keys = open_engine(settings.database), Keys.open(settings.key_file)
    faults = list[str]()
    async with engine.connect() as conn:
        owners = await conn.execute(
            select(people.address.c.user, people.person.c.id, people.person.c.unit_id)
            .join(people.person, people.address.c.person_id == people.person.c.id)
            .where(people.address.c.channel == channel)
        )
        by_user = {user: (person, unit) for user, person, unit in owners.all()}
        for walker, unit in walked:
            user = str(getattr(walker.phone, "user", walker.phone.chat.user))
            person, own = by_user.get(user, (0, ""))
            slips = await answers.slips(conn, keys, person) if person else []
            places = {slip.questionnaire: Place.from_json(slip.record) for slip in slips}
            faults += _differences(walker, unit == own, places)
        faults += [f"a forged update of {user} was believed" for user in by_user if user.startswith(FORGERS)]
        everybody = (await conn.execute(select(people.person.c.id))).scalars().all()
        kept = sum([len(await answers.slips(conn, keys, person)) for person in everybody])
    await engine.dispose()
    return kept, faults


async def unsent(settings: Settings, channel: str) -> int:
    """Count messages that wait to be sent; those that the platform refused for good lie as dead letters."""
    engine = open_engine(settings.database)
    async with engine.connect() as conn:
        refused = (await conn.execute(select(dead_letters.dead_letter.c.id))).all()
        left = (await outbox.depth(conn)).get(channel, 0) - len(refused)
    await engine.dispose()
    return left


def _differences(walker: Walker, at_home: bool, places: dict[str, Place]) -> Iterator[str]:
    if not at_home:
        yield f"sane person {walker.plan.number} is not in their unit"
    for id, form in load(PACKS / "kh136").questionnaires.items():
        meant = walker.plan.expected(form)
        found = places[id].answers if id in places else {}
        if differ := sorted(name for name in {*found, *meant} if found.get(name) != meant.get(name)):
            yield f"sane person {walker.plan.number}: the record of {id} is not what was meant in {differ}"
