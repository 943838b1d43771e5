"""Examines what is kept of people: with their consent (G17), and no longer than was promised (G18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers
from models.audit import audit
from models.finding import Finding, judged, people
from models.joining import join_link
from models.linking import link_code
from models.officers import invitation, role_grant
from models.outbox import outbox
from models.participation import participation
from models.people import address, person
from models.seen import seen


@dataclass(frozen=True, slots=True)
class Limits:
    """Before when everything should have gone: moments, days (ISO) and periods; and questionnaires long over."""

    at: datetime
    seen: datetime
    unread: datetime
    invitations: datetime
    links: datetime
    audit: datetime
    consent: datetime
    guests: str
    left: str
    drafts: str
    last_period: str
    over: tuple[str, ...]


async def rights(conn: AsyncConnection) -> list[Finding]:
    """G17: nothing is left of those who were erased."""
    its = participation.c
    lone = select(func.count()).select_from(participation).outerjoin(person, person.c.id == its.person_id)
    orphans = (await conn.execute(lone.where(person.c.id.is_(None)))).scalar_one()
    return [
        judged(
            17,
            [people(orphans, "participation(s) of people who were erased")],
            "nobody who was erased has left a trace of taking part",
        )
    ]


async def retention(conn: AsyncConnection, limits: Limits) -> list[Finding]:
    """G18: nothing is kept that should have gone by a moment."""
    late = [name for name, table, when in _overdue(limits) if await _any(conn, table, when)]
    fault = f"kept longer than promised: {', '.join(sorted(late))}" if late else ""
    return [judged(18, [fault], "nothing is kept longer than promised (drafts, guests, participation, consents, logs)")]


async def _any(conn: AsyncConnection, table: Table, when: ColumnElement[bool]) -> bool:
    return bool((await conn.execute(select(exists(select(literal(1)).select_from(table).where(when))))).scalar_one())


def _overdue(limits: Limits) -> Iterable[tuple[str, Table, ColumnElement[bool]]]:
    yield "ids of messages", seen, and_(seen.c.at < limits.seen, seen.c.channel != "clock")
    yield "unread pages", outbox, and_(outbox.c.channel == "web", outbox.c.due < limits.unread)
    yield "linking codes", link_code, link_code.c.expires_at < limits.at
    used = or_(invitation.c.used_at < limits.invitations, invitation.c.expires_at < limits.invitations)
    yield "invitations", invitation, used
    yield "ended links", join_link, join_link.c.ended_at < limits.links
    yield "officers' acts", audit, audit.c.at < limits.audit
    yield "guests", person, and_(person.c.consent_version.is_(None), person.c.met_on < limits.guests)
    yield "addresses of people who left", address, address.c.left_on < limits.left
    yield "participation", participation, participation.c.questionnaire.in_(limits.over)
    role = exists().where(role_grant.c.person_id == person.c.id, role_grant.c.ended_at.is_(None))
    sent = exists().where(participation.c.person_id == person.c.id)
    old = or_(person.c.last_period.is_(None), person.c.last_period <= limits.last_period)
    yield (
        "consents",
        person,
        and_(person.c.consented_at < limits.consent, old, ~role, ~sent, ~answers.running(person.c.id)),
    )
