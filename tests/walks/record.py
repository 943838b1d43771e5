"""What the product kept in the end, read from its database with its keys, as nobody else can."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.settings import Settings
from conversations.places import Place
from models import answers, outbox, participation, people
from models.database import open_engine
from models.keys import Keys
from models.messages import Address


@dataclass(frozen=True)
class Kept:
    """One person's record: whose, the unit, the places by questionnaire, and how far each is."""

    person: object
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


async def kept(settings: Settings) -> dict[Address, list[Kept]]:
    """Everybody's record by address. More than one person for an address would be a person doubled."""
    engine, keys = open_engine(settings.database), Keys.open(settings.key_file)
    found: dict[Address, list[Kept]] = {}
    async with engine.connect() as conn:
        owners = await conn.execute(
            select(people.address.c.channel, people.address.c.user, people.person.c.id, people.person.c.unit_id).join(
                people.person, people.address.c.person_id == people.person.c.id
            )
        )
        for channel, user, person_id, unit in owners.all():
            slips = await answers.slips(conn, keys, person_id)
            places = {slip.questionnaire: Place.from_json(slip.record) for slip in slips}
            states = dict(await participation.states(conn, person_id))
            found.setdefault(Address(channel, user), []).append(Kept(person_id, unit, places, states))
        people_in_all = len((await conn.execute(select(people.person.c.id))).all())
    await engine.dispose()
    reached = {record.person for records in found.values() for record in records}
    assert people_in_all == len(reached), "there are people without an address"
    return found
