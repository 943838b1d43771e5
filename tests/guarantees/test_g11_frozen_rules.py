"""G11: what people answered under (k, hold, noise, exact questions, the tree) can be tightened, never loosened."""

import shutil
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.foundation import PACKS, lay
from bot.settings import Settings
from handlers.content import pack_rules, read_pack
from models import answers, rules
from models.keys import Keys
from models.participation import participation
from models.planner import LEAST_K
from models.release import Counted, ReleaseOrder, release
from models.released import release_group, released_question
from models.rules import Rules, strictest
from models.slips import Slip
from models.veil import Histogram
from tests.models.world import build_tree, join_people

ROOT = Path(__file__).parents[2]
DAY = date(2020, 1, 6)
FORM = "doi-song"
PROMISED = Rules(10, 2, Fraction(2))
LOOSER = {
    "k": Rules(9, 2, Fraction(2)),
    "hold": Rules(10, 1, Fraction(2)),
    "epsilon": Rules(10, 2, Fraction(5, 2)),
    "exact": Rules(10, 2, Fraction(2), frozenset({"q"})),
}
TIGHTER = (Rules(12, 2), Rules(10, 3), Rules(10, 2, Fraction(1)))


@pytest.mark.parametrize("what", LOOSER)
async def test_a_looser_pack_is_told_off_and_not_followed(conn: AsyncConnection, what: str) -> None:
    await rules.freeze(conn, FORM, PROMISED, DAY, "v1")
    (fault,) = await rules.check_rules(conn, {FORM: LOOSER[what]})
    assert fault.startswith(FORM)
    assert what in fault
    assert strictest(PROMISED, LOOSER[what]) == PROMISED


@pytest.mark.parametrize("tighter", TIGHTER)
async def test_a_tighter_pack_is_followed(conn: AsyncConnection, tighter: Rules) -> None:
    await rules.freeze(conn, FORM, PROMISED, DAY, "v1")
    assert await rules.check_rules(conn, {FORM: tighter}) == []
    assert strictest(PROMISED, tighter) == tighter


async def test_a_second_answer_freezes_nothing_anew(conn: AsyncConnection) -> None:
    await rules.freeze(conn, FORM, PROMISED, DAY, "v1")
    for looser in LOOSER.values():
        await rules.freeze(conn, FORM, looser, date(2020, 5, 1), "v2")
        kept = await rules.frozen(conn, FORM)
        assert kept is not None
        assert (kept.rules, kept.tree_on) == (PROMISED, DAY)


@pytest.mark.parametrize("wanted", [*LOOSER.values(), *TIGHTER])
async def test_a_release_holds_the_stricter_of_both(conn: AsyncConnection, tmp_path: Path, wanted: Rules) -> None:
    keys = Keys.open(tmp_path / "keys.json")
    await build_tree(conn)
    await join_people(conn, range(1, 24))
    await rules.freeze(conn, FORM, PROMISED, DAY, "v1")
    for number in range(1, 24):
        at = "a" if number < 10 else "e" if number < 20 else "b"
        await answers.submit(conn, keys, "2020-01", at, Slip(number, FORM, b"yes"))
    seen = {"q": Histogram(frozenset({"yes", "no"}))}
    order = ReleaseOrder(FORM, "2020-01", 8, wanted, False, lambda _: Counted({"q": ("yes",)}), seen)
    assert await release(conn, keys, order)
    held = strictest(PROMISED, wanted)
    sizes = list((await conn.execute(select(release_group.c.n))).scalars())
    assert all(n >= held.k for n in sizes)
    assert sizes == ([10] if held.k == 10 else [])  # nine people are no group, whatever a later pack says
    for scale in (await conn.execute(select(released_question.c.scale))).scalars():
        assert Fraction(scale) >= 2 / held.epsilon
        assert Fraction(scale) > 0
    assert set((await conn.execute(select(participation.c.waited))).scalars()) <= {0, 1}


def test_no_pack_may_ask_for_groups_below_the_floor(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACKS / "kh136", pack)
    campaign = pack / "campaign.yaml"
    campaign.write_text(f"{campaign.read_text()}\nk: {LEAST_K - 1}\n".replace("\nk: 10\n", "\n", 1))
    done = subprocess.run(
        [Path(sys.executable).with_name("langnghe"), "check", str(pack)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert ": k: " in done.stderr + done.stdout


def start(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("langnghe"), "run", "--as-of", DAY.isoformat()],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), "WEB_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_house_whose_pack_was_loosened_does_not_start(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path, as_of=DAY, _env_file=None)
    foundation = await lay(given)
    (first, *_rest) = foundation.house.pack.questionnaires
    kept = pack_rules(foundation.house.pack)[first]
    async with foundation.engine.begin() as conn:
        await rules.freeze(conn, first, Rules(kept.k + 1, kept.hold, kept.epsilon / 2), DAY, "v1")
    await foundation.close()
    done = start(tmp_path)
    assert done.returncode == 2
    assert f"{first}: k is {kept.k}, but people answered under k = {kept.k + 1}; it may only grow" in done.stderr
    assert "epsilon is" in done.stderr


def test_the_campaign_that_ships_promises_ten_people_two_periods_and_noise_for_every_question() -> None:
    for kept in pack_rules(read_pack(PACKS / "kh136")).values():
        assert kept == Rules(10, 2, Fraction(2), frozenset())
