"""`langnghe outbox`: what waits and what was given up, without a word or an address; and again, beside a house."""

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands_outbox import State, lines, outbox_group
from bot.foundation import lay
from bot.settings import Settings
from models import dead_letters, outbox, rests
from models.dead_letters import Dead, Heap
from models.messages import Address, Outbound
from models.outbox import Waiting
from models.rests import Rested
from tests.bot.test_shell import langnghe, refused

NOW = datetime(2020, 1, 6, 2, tzinfo=UTC)
WORDS, WHO = "Lương thấp quá", "5550001234"


async def fill(folder: Path) -> None:
    """Let three messages wait, and give two of them up."""
    foundation = await lay(Settings(data_dir=folder / "data", database_url=database(folder), _env_file=None))
    async with foundation.engine.begin() as conn:
        keys, at = foundation.house.keys, foundation.now()
        said = [Outbound(Address("telegram", WHO), f"{WORDS} {number}") for number in range(3)]
        letters = await outbox.put(conn, keys, foundation.now().strftime("%Y-%m"), said, at - timedelta(hours=3))
        for letter in letters[:2]:
            await dead_letters.bury(conn, Dead(letter.id, "telegram", "live", "2020-01-06", f'bad "{WORDS}"', 2))
        await rests.note(conn, "telegram", Rested(at - timedelta(minutes=5), at + timedelta(minutes=5)))
    await foundation.close()


def database(folder: Path) -> str:
    """Of a house for real use."""
    return f"sqlite+aiosqlite:///{folder / 'house.db'}"


@pytest.fixture
def shell(tmp_path: Path) -> "Shell":
    asyncio.run(fill(tmp_path))
    return Shell(tmp_path)


class Shell:
    """The command in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> str:
        """Run it; gives what it printed."""
        env = {"DATABASE_URL": database(self.folder), "DATA_DIR": str(self.folder / "data")}
        done: subprocess.CompletedProcess[str] = langnghe("outbox", *arguments, folder=self.folder, **env)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_it_says_what_waits_and_why_something_was_given_up_and_no_word_of_it(shell: Shell) -> None:
    told = shell()
    assert told.startswith("telegram: 1 waiting, the oldest for 3 h 0 min; nothing gets through since ")
    assert "  given up: 2 (bad …), 2020-01-06; 2 can be retried: 1, 2\n" in told
    assert WORDS not in told
    assert WHO not in told


def test_one_or_all_are_sent_again(shell: Shell) -> None:
    assert shell("retry", "--channel", "zalo-bot") == "0 will be sent again.\n"
    assert shell("retry", "--id", "2") == "1 will be sent again.\n"
    assert "given up: 1 (bad …), 2020-01-06; 1 can be retried: 1\n" in shell()
    assert shell("retry", "--channel", "telegram") == "1 will be sent again.\n"
    assert "telegram: 3 waiting" in shell()
    assert "given up" not in shell()


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = langnghe("outbox", folder=tmp_path, DATABASE_URL=database(tmp_path))
    refused(done, "DATABASE_URL")
    assert not (tmp_path / "house.db").exists()


def test_lines_of_every_state() -> None:
    waiting = {"zalo-oa": Waiting(7, NOW - timedelta(days=2, hours=3, minutes=4))}
    over = {"telegram": Rested(NOW - timedelta(hours=1), NOW - timedelta(minutes=1))}
    many = Heap("telegram", "too long", 40, "2020-01-01", "2020-01-06", tuple(range(12)))
    assert list(lines(State(waiting, over, [many]), NOW)) == [
        "telegram: nothing waiting",
        "  given up: 40 (too long), 2020-01-01 to 2020-01-06; 12 can be retried: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …",
        "zalo-oa: 7 waiting, the oldest for 2 d 3 h",
    ]
    assert list(lines(State({}, {}, []), NOW)) == ["Nothing waits to be sent, and nothing was given up."]


def test_it_explains_itself() -> None:
    told = CliRunner().invoke(outbox_group, ["--help"]).output
    assert "retry" in told
