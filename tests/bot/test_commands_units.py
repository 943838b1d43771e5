"""`langnghe units`: a dry run first, one clear line for each mistake, the same address each time."""

from pathlib import Path

import pytest

from bot.commands_units import Drawings, import_units, listing, print_link
from bot.settings import OperatorError, Settings
from models.unit_plan import Published, plan
from tests.models.test_unit_plan import row
from tests.models.test_units import PACK

HEADING = "valid_from,valid_to,kind,code,name,short_name,parent,successor"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for an empty database."""
    return Settings(database_url=database_url, data_dir=tmp_path, public_url="https://langnghe.example/")


async def test_a_dry_run_writes_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await import_units(settings, PACK, applied=False, shown=3)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ("01/01/2019 established: Liên đoàn Lao động tỉnh Sơn La [ldld-tinh-son-la] (row 2)")
    assert lines[3:] == [
        "… and 145 more (--all lists them)",
        "148 changes; 0 units as they were.",
        "Nothing was written. Publish with --apply.",
    ]
    await import_units(settings, PACK, applied=True, shown=None)
    out = capsys.readouterr().out
    assert "30/06/2025 merged: Công đoàn cơ sở xã Vân Hồ [cdcs-xa-van-ho] into Công đoàn xã Vân Hồ" in out
    assert out.endswith("148 changes; 0 units as they were.\nPublished as edition 1.\n")
    await import_units(settings, PACK, applied=True)
    assert capsys.readouterr().out == "0 changes; 112 units as they were.\n"


async def test_a_faulty_file_is_refused_by_row(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "u.csv"
    file.write_text(f"{HEADING}\n2019-01-01,,cdcs,A,A,,X,\n2019-01-01,,cdcs,B,B,,X,\n", encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        await import_units(settings, file, applied=True)
    assert str(refused.value).splitlines() == [
        f"{file}: row 2: parent: 'X' is the code of no unit",
        f"{file}: row 3: parent: 'X' is the code of no unit",
    ]


async def test_a_link_is_printed_and_drawn(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await import_units(settings, PACK, applied=True)
    capsys.readouterr()
    drawings = Drawings(tmp_path / "qr.png", tmp_path / "qr.svg")
    for _ in range(2):
        await print_link(settings, drawings, code="ldld-tinh-son-la", telegram="@langnghe_bot")
    name, web, telegram, *again = capsys.readouterr().out.splitlines()
    assert name == "Liên đoàn Lao động tỉnh Sơn La"
    token = web.removeprefix("https://langnghe.example/join/")
    assert telegram == f"https://t.me/langnghe_bot?start={token}"
    assert again == [name, web, telegram]
    assert all(path.stat().st_size > 300 for path in (tmp_path / "qr.png", tmp_path / "qr.svg"))
    await print_link(settings, Drawings(), code="ldld-tinh-son-la", telegram="", renew=True)
    assert capsys.readouterr().out.splitlines()[1] != web, "the old poster leads nowhere now"
    with pytest.raises(OperatorError, match="'nobody' is the code of no unit today"):
        await print_link(settings, Drawings(), code="nobody", telegram="")
    with pytest.raises(OperatorError, match="cannot be written"):
        await print_link(settings, Drawings(tmp_path / "no" / "qr.png"), code="ldld-tinh-son-la", telegram="")


async def test_a_database_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="DATABASE_URL"):
        await import_units(Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/no/x.db"), PACK, applied=False)


def test_a_new_unit_is_told_with_its_parent() -> None:
    standing = plan(Published({}, {}), [row(2, "R"), row(3, "A", "R")])
    assert list(listing(standing, None)) == [
        "01/01/2019 established: Đơn vị R [R] (row 2)",
        "01/01/2019 established: Đơn vị A [A] under Đơn vị R (row 3)",
        "2 changes; 0 units as they were.",
    ]
