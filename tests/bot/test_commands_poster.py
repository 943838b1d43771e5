"""`langnghe units poster`: a file that can be printed, or one line on what is wrong."""

from pathlib import Path

import pytest

from bot.commands_poster import print_poster
from bot.commands_units import import_units
from bot.settings import OperatorError, Settings
from tests.models.test_units import PACK


@pytest.fixture
async def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for a database with the units of the pack."""
    found = Settings(database_url=database_url, data_dir=tmp_path, public_url="https://langnghe.example/")
    await import_units(found, PACK, applied=True)
    return found


async def test_a_poster_is_written(settings: Settings, tmp_path: Path) -> None:
    for wanted in ("kh-5-a3-white", "-a4-red"):
        path = await print_poster(settings, "ldld-tinh-son-la", wanted, tmp_path / "p.pdf")
        assert path.read_bytes().startswith(b"%PDF")


async def test_an_operators_mistake_is_one_line(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="'nobody' is the code of no unit today"):
        await print_poster(settings, "nobody", "kh-5-a4-red")
    with pytest.raises(OperatorError, match="no such slogan; there are kh-1, "):
        await print_poster(settings, "ldld-tinh-son-la", "kh-77-a4-red")
    with pytest.raises(OperatorError, match="cannot be written"):
        await print_poster(settings, "ldld-tinh-son-la", "kh-5-a4-red", tmp_path / "no" / "p.pdf")
