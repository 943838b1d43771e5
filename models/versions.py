"""The versions of questionnaires that were ever begun, so that whoever began one ends it as it was."""

from typing import Any

from sqlalchemy import Column, Index, String, Table, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import metadata
from models.upserts import Upsert, on_both

questionnaire_version = Table(
    "questionnaire_version",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("questionnaire", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_questionnaire_version_questionnaire", "questionnaire"),
)


def _once(into: Upsert) -> Upsert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("version", "questionnaire", "body")}
    return into.values(values).on_conflict_do_nothing()


_REMEMBER = on_both(questionnaire_version, _once)


async def remember(conn: AsyncConnection, questionnaire: str, version: str, body: str) -> None:
    """Keep the canonical text of a version; a version that is known stays as it is."""
    values = {"version": version, "questionnaire": questionnaire, "body": body}
    await conn.execute(_REMEMBER[conn.dialect.name], values)


async def body(conn: AsyncConnection, version: str) -> str | None:
    """Give the text of a version, None for one that was never kept."""
    its = questionnaire_version.c
    return (await conn.execute(select(its.body).where(its.version == version))).scalar()


async def bodies(conn: AsyncConnection, questionnaire: str) -> dict[str, str]:
    """Give the text of every version of a questionnaire, by version."""
    its = questionnaire_version.c
    rows = await conn.execute(select(its.version, its.body).where(its.questionnaire == questionnaire))
    return {row.version: row.body for row in rows}
