"""What the product kept in the end, read from its database with its keys, as nobody else can."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.settings import Settings
from conversations.places import Place
from models import answers, outbox, participation, people
from models.database import open_engine
from models.keys import Keys


@dataclass(frozen=True)
class Kept:
    """One person's record: the unit, the places by questionnaire, and how far each is."""

    unit: str | None
    places: dict[str, Place]
    states: dict[str, str]


async def waiting(settings: Settings) -> dict[str, int]:
    """How many messages wait to be sent, by channel."""
    engine = open_engine(settings.database)
    async with engine.connect() as conn:
        depth = await outbox.depth(conn)
    await engine.dispose()
    return depth


async def kept(settings: Settings) -> dict[int, list[Kept]]:
    """Everybody's record by Telegram user. More than one person for a user would be a person doubled."""
    engine, keys = open_engine(settings.database), Keys.open(settings.key_file)
    found: dict[int, list[Kept]] = {}
    async with engine.connect() as conn:
        owners = await conn.execute(
            select(people.address.c.user, people.person.c.id, people.person.c.unit_id)
            .join(people.person, people.address.c.person_id == people.person.c.id)
            .where(people.address.c.channel == "telegram")
        )
        for user, person_id, unit in owners.all():
            slips = await answers.slips(conn, keys, person_id)
            places = {slip.questionnaire: Place.from_json(slip.record) for slip in slips}
            states = dict(await participation.states(conn, person_id))
            found.setdefault(int(user), []).append(Kept(unit, places, states))
        people_in_all = len((await conn.execute(select(people.person.c.id))).all())
    await engine.dispose()
    assert people_in_all == len(found), "there are people without an address"
    return found
