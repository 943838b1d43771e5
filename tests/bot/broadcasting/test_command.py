"""`langnghe broadcast`: an operator looks, pauses, resumes and follows while the house sends."""

import asyncio
import subprocess
from pathlib import Path

from models.broadcasts import FINISHED, PAUSED, RUNNING
from tests.bot.broadcasting.town import Town, town
from tests.bot.test_shell import langnghe


async def command(on: Town, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run it beside the house."""
    env = {name: on.product.environment[name] for name in ("AS_OF", "DATA_DIR", "CAMPAIGN", "TELEGRAM_TOKEN")}
    return await asyncio.to_thread(langnghe, "broadcast", *arguments, folder=on.product.folder.parent, **env)


async def told(on: Town, *arguments: str) -> str:
    """What it says when all is well."""
    done = await command(on, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def refused(on: Town, *arguments: str) -> str:
    """Its one line when it cannot."""
    done = await command(on, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


async def test_an_operator_sees_and_steers(tmp_path: Path) -> None:
    async with town(tmp_path, 240, 60.0) as on:
        assert await told(on, "list") == "There is no broadcast.\n"
        id = await on.approve()
        assert "is scheduled" in await told(on, "status", str(id))
        assert "cannot be paused" in await refused(on, "pause", str(id))
        await on.product.start()
        await on.until(id, RUNNING, 10.0)
        assert await told(on, "pause", str(id)) == f"Broadcast {id} is paused.\n"
        said = await told(on, "status", str(id))
        assert (await on.known(id)).status == PAUSED
        assert said.startswith(f"Broadcast {id} (post) is paused\n")
        assert " of 240 people, " in said
        await told(on, "resume", str(id))
        said = await told(on, "status", str(id), "--follow")
        assert (await on.known(id)).status == FINISHED
        assert f"Broadcast {id} (post) is finished\n  240 of 240 people, 100.0%\n  sent 240" in said
        assert f"{id}  finished" in await told(on, "list")
        line = await refused(on, "cancel", str(id))
        assert line == f"langnghe: broadcast {id} is finished and cannot be cancelled\n"
        for step in ("status", "cancel"):
            assert await refused(on, step, "99") == "langnghe: there is no broadcast 99: langnghe broadcast list\n"
        assert await on.product.stop() == 0
