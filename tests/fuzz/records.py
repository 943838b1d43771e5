"""What the house kept of sane people, beside what they meant."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from bot.foundation import PACKS
from bot.settings import Settings
from conversations.packs import load
from conversations.places import Place
from models import answers, participation, people
from models.database import open_engine
from models.keys import Keys
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
        faults += [f"a forged update of {user} was believed" for user in by_user if user.startswith(FORGED)]
        kept = len((await conn.execute(select(participation.participation.c.person_id))).all())
    await engine.dispose()
    return kept, faults


FORGED = "80000"


def _differences(walker: Walker, at_home: bool, places: dict[str, Place]) -> Iterator[str]:
    if not at_home:
        yield f"sane person {walker.plan.number} is not in their unit"
    for id, form in load(PACKS / "kh136").questionnaires.items():
        meant = walker.plan.expected(form)
        if id not in places or places[id].answers != meant:
            yield f"sane person {walker.plan.number}: the record of {id} is not what was meant"
