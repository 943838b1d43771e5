"""The product as a process of its own, as an operator starts it: `langnghe run`, killed, stopped, started again."""

import asyncio
import os
import socket
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from bot.foundation import lay
from bot.settings import Settings
from models.joining import make_link
from models.units import load_tree

AS_OF = date(2020, 1, 6)
TOKEN = "77:canary-token_of-the-bot"
SECRET = "canary-secret_of-the-hook"
COMMAND = Path(sys.executable).with_name("langnghe")
STARTED = b"Web chat:"
SECONDS_TO_START = 40.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Product:
    """One process, with its data folder, its port and all that it ever printed (`output`).

    `telegram` is where the Bot API is ("" without Telegram), `more` is further environment.
    """

    def __init__(self, folder: Path, telegram: str = "", mode: str = "polling", **more: str) -> None:
        self.folder, self.port = folder, free_port()
        self._printed = folder.parent / f"{folder.name}-{self.port}.log"
        inherited = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH")
        }
        self.environment = {
            **inherited,
            "AS_OF": AS_OF.isoformat(),
            "DATA_DIR": str(folder),
            "WEB_PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "TELEGRAM_BASE_URL": telegram,
            "TELEGRAM_TOKEN": TOKEN if telegram else "",
            "TELEGRAM_MODE": mode,
            "TELEGRAM_WEBHOOK_SECRET": SECRET if mode == "webhook" else "",
            "PYTHONWARNINGS": "error",
            **more,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._begins = 0

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    @property
    def open_files(self) -> int:
        """How many files and connections it has open (Linux)."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    @property
    def output(self) -> str:
        """Everything from standard output and standard error."""
        return self._printed.read_text("utf-8") if self._printed.exists() else ""

    async def start(self, ready: bool = True) -> None:
        """Start it and, if `ready`, wait until it says so."""
        with self._printed.open("ab") as printed:
            self._begins = printed.tell()
            self._process = await asyncio.create_subprocess_exec(
                COMMAND, "run", env=self.environment, cwd=self.folder.parent, stdout=printed, stderr=printed
            )
        if ready:
            await self.ready()

    async def ready(self) -> None:
        """Wait until it says that it runs."""
        async with asyncio.timeout(SECONDS_TO_START):
            while STARTED not in self._printed.read_bytes()[self._begins :]:
                assert self._process is not None
                assert self._process.returncode is None, self.output
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()

    async def close(self) -> None:
        """End it whatever state it is in."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()


def settings(folder: Path, database_url: str = "") -> Settings:
    """The settings that the process has, for looking into its database."""
    return Settings(data_dir=folder, as_of=AS_OF, database_url=database_url, _env_file=None)


async def links(given: Settings, count: int) -> dict[str, str]:
    """Prepare the database as a first start does, and give tokens of join links by unit id."""
    foundation = await lay(given)
    at = datetime.now(UTC)
    async with foundation.engine.begin() as conn:
        units = [unit for unit in (await load_tree(conn, AS_OF)).post_order() if unit.kind.startswith("cdcs")]
        made = {unit.id: await make_link(conn, unit.id, at) for unit in units[:count]}
    await foundation.close()
    assert len(made) == count
    return made
