"""What a house knows when a transcript is over: people, where they stand, what they said and want to be sent.

Without times and traces.
"""

from dataclasses import replace

from sqlalchemy import select

from conversations.places import Place
from models import answers, officers, participation, people, subscriptions
from tests.transcripts.stage import Stage

PASSING = ("token",)  # sealed with fresh randomness


async def facts(stage: Stage) -> list[object]:
    """Give everybody's record and answers, in a steady order."""
    async with stage.engine.connect() as conn:
        ids = (await conn.execute(select(people.person.c.id).order_by(people.person.c.id))).scalars().all()
        found: list[object] = []
        for id in ids:
            its = await people.by_id(conn, id)
            assert its is not None
            data = {name: value for name, value in its.data.items() if name not in PASSING}
            record = (its.language, its.unit_id, its.consent_version, its.joined_period, its.talk, data)
            slips = await answers.slips(conn, stage.house.keys, id)
            places = [replace(Place.from_json(slip.record), traces=()) for slip in slips]
            states = sorted((await participation.states(conn, id)).items())
            wanted = sorted(await subscriptions.since(conn, id))
            found.append((id, record, places, states, await officers.grants(conn, id), wanted))
    return found
