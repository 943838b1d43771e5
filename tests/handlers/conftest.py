"""The hall, once on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.handlers.hall import Hall, opened


@pytest.fixture
async def hall(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Hall]:
    async with opened(engine, tmp_path) as hall:
        yield hall
