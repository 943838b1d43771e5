"""Erases a person wholly: the one way, whether they ask for it, say no, or left long ago. The audit log alone stays."""

from datetime import datetime

from models import (
    answers,
    linking,
    officers,
    outbox,
    outlets,
    passage,
    people,
    received,
    recipients,
    sketches,
    subscriptions,
    watches,
)
from models.audit import Act
from models.database import Connection


async def erase(conn: Connection, person_id: int, at: datetime) -> None:
    """Erase everything that can still be found of a person. What was added up before belongs to nobody."""
    for address in await people.addresses(conn, person_id):
        await outbox.drop_queue(conn, address)
        await watches.drop(conn, address)
    await answers.forget(conn, person_id)
    await linking.forget(conn, person_id)
    await passage.forget(conn, person_id)
    await officers.end_grants(conn, person_id, Act(at, str(person_id)))
    await officers.forget(conn, person_id)
    await outlets.forget(conn, person_id)
    await subscriptions.forget(conn, person_id)
    await sketches.forget(conn, person_id)
    await recipients.forget(conn, person_id)
    await received.forget(conn, person_id)
    await people.forget(conn, person_id)
