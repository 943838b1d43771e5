"""Processes under measurement: each on its own core, ended in every case, read from /proc (Linux only)."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

Process = subprocess.Popen[str]
PATIENCE = 60.0  # seconds


def cores() -> tuple[int | None, int | None]:
    """The core of the crowd and that of the bot; None twice on a machine with one core."""
    ours = sorted(os.sched_getaffinity(0))
    return (ours[0], ours[1]) if len(ours) > 1 else (None, None)


@contextlib.contextmanager
def running(command: list[str], core: int | None, folder: Path, env: dict[str, str], spoken: bool) -> Iterator[Process]:
    """Run a command on one core, in a folder, and end it on leaving. `spoken`: we read and write its lines.

    What it complains about goes to `errors.log` in the folder.
    """
    ours = os.sched_getaffinity(0)
    channel = subprocess.PIPE if spoken else subprocess.DEVNULL
    with (folder / "errors.log").open("a", encoding="utf-8") as errors:
        if core is not None:
            os.sched_setaffinity(0, {core})  # inherited by what is started now, its threads included
        try:
            process = Process(command, cwd=folder, env=env, text=True, stdin=channel, stdout=channel, stderr=errors)
        finally:
            os.sched_setaffinity(0, ours)
    with process:
        try:
            yield process
        finally:
            end(process)


def end(process: Process) -> None:
    """Ask a process to end, and end it when it does not within ten seconds."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def environment(**settings: object) -> dict[str, str]:
    """The environment of a measured process: the path, where to write, and these settings; nothing of the caller's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {name.upper(): str(value) for name, value in settings.items()}


def product(*arguments: str) -> list[str]:
    """The command that runs this product."""
    return [str(Path(sys.executable).with_name("langnghe")), *arguments]


def free_port() -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_ready(port: int, process: Process, folder: Path) -> None:
    """Wait until `/readyz` answers 200. Raises RuntimeError when the process ends before that or takes a minute."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.005)
    raise RuntimeError(f"it did not become ready (exit code {process.poll()}): {last_complaint(folder)}")


def last_complaint(folder: Path) -> str:
    """The last line that a measured process complained with."""
    lines = (folder / "errors.log").read_text("utf-8").strip().splitlines()
    return lines[-1] if lines else "not a word was said"


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in MB."""
    return _status_mb(str(pid), "VmRSS")


def peak_mb_of(pid: int) -> float:
    """Memory that a process held at most, in MB."""
    return _status_mb(str(pid), "VmHWM")


def size_mb(folder: Path, pattern: str) -> float:
    """The size in MB of the files in a folder whose names match."""
    return sum(file.stat().st_size for file in folder.glob(pattern)) / 2**20


def peak_mb() -> float:
    """Memory that this process held at most, in MB. `getrusage` would tell the starting process's, if that was more."""
    return _status_mb("self", "VmHWM")


def _status_mb(process: str, name: str) -> float:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines())
    return int(fields[name].split()[0]) / 1024
