"""The migrations and the tables in the code are one schema, on both databases."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from models import people
from models.database import open_engine
from models.migrate import TooNew, config, upgrade
from models.tables import metadata


def told(index: dict[str, object]) -> str:
    """An index as text, its condition included."""
    options = index.pop("dialect_options", {})
    assert isinstance(options, dict)
    return f"{index} {sorted((name, str(value)) for name, value in options.items())}"


def shape(connection: Connection) -> dict[str, object]:
    """Everything that a database says of its own tables."""
    found = inspect(connection)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(told(dict(index)) for index in found.get_indexes(table)),
            sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
            sorted((str(check["name"]), str(check["sqltext"])) for check in found.get_check_constraints(table)),
            sorted(str(each["name"]) for each in found.get_unique_constraints(table)),
        )
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


async def test_migrating_an_empty_database_gives_the_tables_of_the_code(
    database_url: str, tmp_path: Path, engine: AsyncEngine
) -> None:
    async with engine.begin() as conn:
        wanted = await conn.run_sync(shape)
        await conn.run_sync(metadata.drop_all)
        assert not await conn.run_sync(shape)
    assert await upgrade(engine)
    async with engine.begin() as conn:
        assert await conn.run_sync(shape) == wanted
    assert not await upgrade(engine), "a second start changes nothing"


PEOPLE = {
    "person": "id, language, consent_version, talk_name, talk_data, revision, met_on",
    "address": 'channel, "user", person_id',
    "role_grant": "id, person_id, role, unit_id, granted_at, granted_by",
    "link_code": "code_hash, person_id, expires_at",
    "pending": "person_id, questionnaire, period, sealed",
}
KEPT = {
    "person": "7, 'vi', 1, 'start', '{}', 3, '2020-01-06'",
    "address": "'telegram', 'mai', 7",
    "role_grant": "1, 7, 'officer', 'u', '2020-01-06 00:00:00', 'invitation'",
    "link_code": "'x', 7, '2020-01-06 00:00:00'",
    "pending": "7, 'du-thao', '2020-01', 'sealed'",
}


async def test_people_of_the_first_schema_are_all_there_and_will_be_asked_again(database_url: str) -> None:
    engine = open_engine(database_url)
    async with engine.begin() as conn:
        await conn.run_sync(lambda connection: command.upgrade(config(connection), "0001"))
        for table, columns in PEOPLE.items():
            await conn.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({KEPT[table]})"))
    assert await upgrade(engine)
    async with engine.begin() as conn:
        rows = {table: len((await conn.execute(text(f"SELECT * FROM {table}"))).all()) for table in PEOPLE}
        assert rows == dict.fromkeys(PEOPLE, 1)
        mai = await people.by_id(conn, 7)
        assert mai is not None
        assert mai.consent_version == "1"
        with pytest.raises(IntegrityError):
            await conn.execute(text("INSERT INTO address (channel, \"user\", person_id) VALUES ('web', 'x', 8)"))
    await engine.dispose()


async def test_exact_counts_of_the_first_schema_get_noise_by_how_many_one_person_may_choose(database_url: str) -> None:
    engine = open_engine(database_url)
    several = {"id": "s", "kind": "several", "max": 3, "options": [{"id": "a"}, {"id": "b"}]}
    body = json.dumps({"questions": [several, {"id": "c", "kind": "choice"}]})
    async with engine.begin() as conn:
        await conn.run_sync(lambda connection: command.upgrade(config(connection), "0001"))
        await conn.execute(text("INSERT INTO questionnaire_version VALUES ('v', 'doi-song', :body)"), {"body": body})
        await conn.execute(text("INSERT INTO release_group VALUES ('g', 'doi-song', 'u', '2020-01', 400)"))
        for option in range(200):
            for question in ("s", "c"):
                row = {"question": question, "option": f"o{option}"}
                await conn.execute(text("INSERT INTO released_count VALUES ('g', :question, :option, 400)"), row)
    await upgrade(engine)
    async with engine.begin() as conn:
        found = await conn.execute(text("SELECT question, n FROM released_count"))
        off: dict[str, list[int]] = {"s": [], "c": []}
        for question, n in found.all():
            off[question].append(n - 400)
        scales = await conn.execute(text("SELECT question, scale FROM released_question ORDER BY question"))
        assert scales.all() == [("c", "1"), ("s", "3")]
    assert all(sum(map(abs, each)) / 200 > least for each, least in ((off["c"], 0.4), (off["s"], 1.8)))
    await engine.dispose()


async def test_a_database_of_a_later_version_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    await upgrade(engine)
    async with engine.begin() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TooNew, match="9999"):
        await upgrade(engine)
    await engine.dispose()


async def test_sqlite_is_opened_so_that_a_power_cut_loses_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    async with engine.begin() as conn:
        found = {
            name: (await conn.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "secure_delete": 1,
    }
    await engine.dispose()
