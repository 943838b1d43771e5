"""Every text that people were ever asked to agree to, by a version that is made of its words alone.

Nobody numbers a version by hand: a text that changes has another one, and a text that comes back has its old one.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, String, Table, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import metadata
from models.upserts import Upsert, on_both

COUNTS, WORDS = "counts", "words"

consent_text = Table(
    "consent_text",
    metadata,
    Column("version", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("uses", String(40), nullable=False),
    Column("first_on", String(10), nullable=False),
)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The whole text in every language, and what it lets answers be used for: "counts", "words".

    `version`: 16 hexadecimal digits that change with every letter of the text.
    """

    version: str
    text: str
    uses: tuple[str, ...]


def written(text: str, uses: tuple[str, ...]) -> ConsentText:
    """Give a text its version."""
    return ConsentText(sha256(text.encode()).hexdigest()[:16], text, uses)


def _once(into: Upsert) -> Upsert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("version", "text", "uses", "first_on")}
    return into.values(values).on_conflict_do_nothing()


_REMEMBER = on_both(consent_text, _once)


async def remember(conn: AsyncConnection, its: ConsentText, today: str) -> None:
    """Keep a text with the day (ISO) of its first showing; one that is known keeps its day."""
    values = {"version": its.version, "text": its.text, "uses": ",".join(its.uses), "first_on": today}
    await conn.execute(_REMEMBER[conn.dialect.name], values)


async def first_on(conn: AsyncConnection, version: str) -> str | None:
    """Give the day (ISO) from which a text was shown, None for one that was never kept."""
    its = consent_text.c
    return (await conn.execute(select(its.first_on).where(its.version == version))).scalar()


async def uses(conn: AsyncConnection) -> dict[str, frozenset[str]]:
    """Tell for every version what it lets answers be used for."""
    rows = await conn.execute(select(consent_text.c.version, consent_text.c.uses))
    return {row.version: frozenset(row.uses.split(",")) for row in rows}
