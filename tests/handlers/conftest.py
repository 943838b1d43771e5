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


# Talks whose storage is tested in tests/models on both databases: here one is enough.
ON_ONE = (
    "consent",
    "consent_changed",
    "settings",
    "passing",
    "dates",
    "arrival",
    "schedule",
    "charted",
    "slogan_cards",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the second database out for these."""
    here = {Path(__file__).parent / f"test_{name}.py" for name in ON_ONE}
    left = [item for item in items if item.path in here and "[postgres" in item.name]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
