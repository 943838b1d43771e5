"""A person, the addresses where that person is reached, consent, language, and the talk that is open.

Keeps nothing that a person said: answers are sealed in `models.answers`. Refuses to remember a person who says no.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages import Address
from models.schema import UtcDateTime, metadata

person = Table(
    "person",
    metadata,
    # Random, so that the order of joining is not kept.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(16), nullable=False),
    Column("unit_id", String(16)),
    Column("consent_version", String(16)),
    Column("consented_at", UtcDateTime),
    Column("joined_period", String(7)),
    Column("talk_name", String(40), nullable=False),
    Column("talk_data", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("met_on", String(10), nullable=False),
    Column("last_period", String(7)),
    Index("ix_person_unit_id", "unit_id"),
)

address = Table(
    "address",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("user", String(80), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    # The day on which its owner blocked us; nothing while we may write there.
    Column("left_on", String(10)),
    Index("ix_address_person_id", "person_id"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a handler knows one. `talk` is where the conversation stands, `revision` counts its screens.

    `met_on` is the day of the first contact (ISO): a guest who never consents is forgotten some days after it.
    `last_period` is when the last questionnaire closed that they took part in, noted once that itself is forgotten.
    `left_on` is the day (ISO) on which they blocked us at the address that they write from.
    """

    id: int
    language: str
    unit_id: str | None
    consent_version: str | None
    consented_at: datetime | None
    joined_period: str | None
    talk: str
    data: Mapping[str, Any]
    revision: int
    met_on: str
    last_period: str | None = None
    left_on: str | None = None


_COLUMNS = (
    person.c.id,
    person.c.language,
    person.c.unit_id,
    person.c.consent_version,
    person.c.consented_at,
    person.c.joined_period,
    person.c.talk_name,
    person.c.talk_data,
    person.c.revision,
    person.c.met_on,
    person.c.last_period,
)
_KEPT = tuple(column.name for column in _COLUMNS[1:-1])  # what a handler may change
_FIND = (
    select(*_COLUMNS, address.c.left_on)
    .join(address, address.c.person_id == person.c.id)
    .where(address.c.channel == bindparam("channel"), address.c.user == bindparam("user"))
    .with_for_update(of=person)
)
_SAVE = (
    update(person)
    .where(person.c.id == bindparam("person_id"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)
_MOVE = (
    update(person)
    .where(person.c.id == bindparam("person_id"))
    .values(
        talk_name=bindparam("new_talk_name"), talk_data=bindparam("new_talk_data"), revision=bindparam("new_revision")
    )
)


async def find(conn: AsyncConnection, at: Address) -> Person | None:
    """Give the person behind an address and lock that person until the transaction ends."""
    row = (await conn.execute(_FIND, {"channel": at.channel, "user": at.user})).first()
    return row and _person(row)


async def by_id(conn: AsyncConnection, person_id: int) -> Person | None:
    """Give a person by id, locked like `find`."""
    row = (await conn.execute(select(*_COLUMNS).where(person.c.id == person_id).with_for_update())).first()
    return row and _person(row)


def _person(row: Any) -> Person:
    identity, language, unit_id, version, consented_at, joined, talk, data, *rest = row
    return Person(identity, language, unit_id, version, consented_at, joined, talk, json.loads(data), *rest)


def guest(language: str, today: str) -> Person:
    """A person of whom nothing is kept yet: `store` keeps one, and `forget` is all it takes to undo that."""
    return Person(secrets.randbits(62) + 1, language, None, None, None, None, "consent", {}, 0, today)


async def store(conn: AsyncConnection, new: Person, at: Address) -> None:
    """Keep a new person with a first address."""
    values = {name.removeprefix("new_"): value for name, value in _values(new).items() if name != "person_id"}
    await conn.execute(insert(person), {"id": new.id, **values})
    await conn.execute(insert(address), {"channel": at.channel, "user": at.user, "person_id": new.id})


async def save(conn: AsyncConnection, before: Person, after: Person) -> None:
    """Write what changed. The usual change, one more screen of the same talk, writes three columns."""
    if before == after:
        return
    moved = replace(before, talk=after.talk, data=after.data, revision=after.revision)
    values = _values(after)
    if moved == after:
        keys = ("person_id", "new_talk_name", "new_talk_data", "new_revision")
        await conn.execute(_MOVE, {key: values[key] for key in keys})
    else:
        await conn.execute(_SAVE, values)


def _values(of: Person) -> dict[str, Any]:
    return {
        "person_id": of.id,
        "new_language": of.language,
        "new_unit_id": of.unit_id,
        "new_consent_version": of.consent_version,
        "new_consented_at": of.consented_at,
        "new_joined_period": of.joined_period,
        "new_talk_name": of.talk,
        "new_talk_data": json.dumps(dict(of.data), ensure_ascii=False),
        "new_revision": of.revision,
        "new_met_on": of.met_on,
    }


async def addresses(conn: AsyncConnection, person_id: int) -> list[Address]:
    """List where a person is reached, in a steady order."""
    rows = await conn.execute(
        select(address.c.channel, address.c.user)
        .where(address.c.person_id == person_id)
        .order_by(address.c.channel, address.c.user)
    )
    return [Address(channel, user) for channel, user in rows]


async def revisions(conn: AsyncConnection, channel: str, users: Iterable[str]) -> dict[str, int]:
    """Tell how many screens the people at these addresses of a channel have seen."""
    here = (address.c.channel == channel, address.c.user.in_(list(users)))
    rows = await conn.execute(
        select(address.c.user, person.c.revision).join(person, address.c.person_id == person.c.id).where(*here)
    )
    return {row.user: row.revision for row in rows}


async def move_address(conn: AsyncConnection, at: Address, person_id: int) -> None:
    """Let an address speak for a person from now on (linking two channels), also one that was not known yet."""
    its = (address.c.channel == at.channel, address.c.user == at.user)
    moved = await conn.execute(update(address).where(*its).values(person_id=person_id))
    if not moved.rowcount:
        await conn.execute(insert(address), {"channel": at.channel, "user": at.user, "person_id": person_id})


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let the later of two records' last questionnaires count for the one that stays."""
    its = select(person.c.last_period).where(person.c.id == old).scalar_subquery()
    older = or_(person.c.last_period.is_(None), person.c.last_period < its)
    await conn.execute(update(person).where(person.c.id == new, older, its.is_not(None)).values(last_period=its))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase the person's row and addresses. What other tables keep of a person is erased by their own `forget`."""
    await conn.execute(delete(address).where(address.c.person_id == person_id))
    await conn.execute(delete(person).where(person.c.id == person_id))


async def forget_guests(conn: AsyncConnection, before: str) -> int:
    """Erase everybody who has not consented and was met before the day `before` (ISO); give their number."""
    waiting = select(person.c.id).where(person.c.consent_version.is_(None), person.c.met_on < before)
    await conn.execute(delete(address).where(address.c.person_id.in_(waiting)))
    done = await conn.execute(delete(person).where(person.c.consent_version.is_(None), person.c.met_on < before))
    return done.rowcount
