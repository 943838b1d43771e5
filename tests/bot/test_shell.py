"""The shell as an operator meets it: mistakes are one clear line and exit code 2, and leave nothing behind."""

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.warm import warm

ROOT = Path(__file__).parent.parent.parent
PACK = ROOT / "conversations" / "campaigns" / "kh136"
COMMAND = [sys.executable, "-c", "from bot.shell import main; main()"]


def langnghe(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an empty folder with nothing of our own environment but the path."""
    clean = {"PATH": os.environ["PATH"]}
    return warm().run(*arguments, folder=folder, environment=clean | environment, seconds=60)


def started(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same by a start that imports what it needs."""
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *named: str) -> None:
    """One line on standard error that names the thing; nothing on standard output; exit code 2."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for name in named:
        assert name in done.stderr


def left(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "seventy"),
        ("WEB_PORT", "70000"),
        ("AS_OF", "the sixth of January"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("TELEGRAM_MODE", "carrier pigeon"),
        ("PUBLIC_URL", "lang-nghe"),
        ("TELEGRAM_BASE_URL", "api.telegram.org"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, tmp_path: Path) -> None:
    refused(langnghe("run", folder=tmp_path, **{name: value}), name)
    assert left(tmp_path) == []


def test_a_wrong_value_is_one_line_of_a_real_start(tmp_path: Path) -> None:
    refused(started("run", folder=tmp_path, WEB_PORT="seventy"), "WEB_PORT")
    assert left(tmp_path) == []


def test_a_port_that_is_taken_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(langnghe("run", folder=tmp_path, WEB_PORT=port), "WEB_PORT", port)
    assert left(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder here that nobody can write to")
def test_a_data_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0", DATA_DIR="/proc/lang-nghe"), "DATA_DIR", "/proc/lang-nghe")


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), "DATA_DIR", "data")
    assert (tmp_path / "data").read_text() == "not a folder"


def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rehearsal.db").write_bytes(b"something else entirely, and not short" * 100)
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), "DATABASE_URL", "not a database")


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = "postgresql://nobody:secret-word@127.0.0.1:1/none"
    done = langnghe("run", folder=tmp_path, WEB_PORT="0", DATABASE_URL=url)
    refused(done, "DATABASE_URL")
    assert "secret-word" not in done.stderr


def test_an_unknown_key_in_a_pack_stops_the_start_with_file_line_and_field(tmp_path: Path) -> None:
    pack = shutil.copytree(PACK, tmp_path / "packs" / "mine")
    campaign = pack / "campaign.yaml"
    text = campaign.read_text(encoding="utf-8")
    campaign.write_text(f"{text}\ncolour: red\n", encoding="utf-8")
    line = str(len(text.splitlines()) + 2)
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0", CAMPAIGN=str(pack)), f"campaign.yaml:{line}", "colour")
    assert not (tmp_path / "data").exists()


def test_a_broken_tree_in_a_pack_stops_the_start(tmp_path: Path) -> None:
    units = shutil.copytree(PACK, tmp_path / "packs" / "mine") / "units.csv"
    rows = units.read_text(encoding="utf-8").splitlines()
    rows[4] = rows[4].replace(",ldld-tinh-son-la,", ",nowhere,")
    units.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for day in ("", "2020-01-06"):
        done = langnghe("run", folder=tmp_path, WEB_PORT="0", CAMPAIGN=str(units.parent), AS_OF=day)
        refused(done, "units.csv:5", "nowhere")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("secret", "named"), [("", "TELEGRAM_WEBHOOK_SECRET"), ("secret-word", "PUBLIC_URL")])
def test_a_webhook_that_cannot_be_opened_is_named(secret: str, named: str, tmp_path: Path) -> None:
    door = {"TELEGRAM_TOKEN": "1:token-word", "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": secret}
    done = langnghe("run", folder=tmp_path, WEB_PORT="0", **door)
    refused(done, named)
    assert "-word" not in done.stderr


def test_settings_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), ".env")


def test_a_second_house_on_one_embedded_database_is_refused(tmp_path: Path) -> None:
    assert langnghe("migrate", folder=tmp_path).returncode == 0
    with (tmp_path / "data" / "rehearsal-keys.run").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), "DATA_DIR", "another")


def test_a_pack_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0", CAMPAIGN="kh999"), "CAMPAIGN", "kh999")


def test_check_finds_the_shipped_pack_sound(tmp_path: Path) -> None:
    done = started("check", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "sound" in done.stdout


def test_check_names_faults_of_units_too(tmp_path: Path) -> None:
    pack = shutil.copytree(PACK, tmp_path / "kh136")
    units = pack / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("2019-01-01", "someday", 1), encoding="utf-8")
    done = langnghe("check", str(pack), folder=tmp_path)
    assert done.returncode == 2
    assert "units.csv:2" in done.stderr
    assert "someday" in done.stderr


def test_a_broken_units_file_changes_nothing(tmp_path: Path) -> None:
    assert langnghe("migrate", folder=tmp_path).returncode == 0
    file = tmp_path / "units.csv"
    file.write_text(
        "valid_from,valid_to,kind,code,name,short_name,parent,successor\n2019-01-01,,cdcs,a,Đơn vị A,A,nowhere,\n",
        encoding="utf-8",
    )
    done = langnghe("units", "import", "units.csv", "--apply", folder=tmp_path)
    refused(done, "units.csv", "2", "nowhere")


def test_an_invitation_for_an_unknown_unit_or_role_is_refused(tmp_path: Path) -> None:
    refused(langnghe("officer", "invite", "--unit", "nowhere", folder=tmp_path), "--unit", "nowhere")
    unit = ("officer", "invite", "--unit", "ldld-tinh-son-la")
    refused(langnghe(*unit, "--role", "king", folder=tmp_path), "--role", "king")
    done = langnghe(*unit, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:8080/join/")


def test_a_real_database_is_never_filled_with_synthetic_people(tmp_path: Path) -> None:
    real = {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/real.db"}
    assert langnghe("migrate", folder=tmp_path, **real).returncode == 0
    refused(langnghe("simulate", "--people", "1", folder=tmp_path, **real), "real use")


def test_simulated_people_walk_to_released_figures(tmp_path: Path) -> None:
    done = started("simulate", "--people", "24", "--units", "1", "--periods", "2", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "run --as-of 2020-02-09" in done.stdout


def test_backup_and_restore_from_the_shell(tmp_path: Path) -> None:
    assert started("migrate", folder=tmp_path).returncode == 0
    done = started("backup", "copy.db", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "keys" in done.stdout
    refused(langnghe("restore", "copy.db", folder=tmp_path), "exists")
    (tmp_path / "data" / "rehearsal.db").rename(tmp_path / "old.db")
    assert langnghe("restore", "copy.db", folder=tmp_path).returncode == 0
    assert langnghe("migrate", folder=tmp_path).returncode == 0


def test_a_lost_key_file_is_named_and_what_is_lost_is_said(tmp_path: Path) -> None:
    assert langnghe("simulate", "--people", "2", "--units", "1", "--periods", "1", folder=tmp_path).returncode == 0
    (tmp_path / "data" / "rehearsal-keys.json").unlink()
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), "rehearsal-keys.json", "2020-02", "cannot be read")
    assert langnghe("migrate", "--erase-lost", folder=tmp_path).returncode == 0
    assert langnghe("migrate", folder=tmp_path).returncode == 0


KEYS = "data/rehearsal-keys.json"


def _moved_away(file: Path) -> None:
    file.rename(file.with_suffix(".away"))


def _one_missing(file: Path) -> None:
    kept = json.loads(file.read_text())
    del kept["keys"]["2020-02"]
    file.write_text(json.dumps(kept))


def _open_to_others(file: Path) -> None:
    file.chmod(0o644)


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir(mode=0o755)


def _garbage(file: Path) -> None:
    file.write_bytes(b"\xff\x00 no keys here")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _no_object(file: Path) -> None:
    file.write_text("[]")


KEY_TROUBLES: dict[Callable[[Path], None], tuple[str, ...]] = {
    _moved_away: ("key of 2020-02 is missing", "answers pending", "put the file back", "migrate --erase-lost"),
    _one_missing: ("key of 2020-02 is missing", "answers pending", "put the file back", "migrate --erase-lost"),
    _open_to_others: ("mode 0644", "chmod 600"),
    _a_folder: ("is not a file",),
    _garbage: ("damaged", "answers not yet released cannot be read"),
    _empty: ("damaged", "answers not yet released cannot be read"),
    _no_object: ("damaged", "answers not yet released cannot be read"),
}


def test_every_trouble_with_the_keys_is_one_line_that_says_what_is_lost(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    assert langnghe("simulate", "--people", "2", "--units", "1", "--periods", "1", folder=house).returncode == 0
    for number, (trouble, named) in enumerate(KEY_TROUBLES.items()):
        broken = shutil.copytree(house, tmp_path / str(number))
        trouble(broken / KEYS)
        refused(langnghe("run", folder=broken, WEB_PORT="0"), "rehearsal-keys.json", *named)


def test_messages_whose_key_is_missing_are_named_too_and_can_be_erased(tmp_path: Path) -> None:
    assert langnghe("migrate", folder=tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "rehearsal.db")) as database, database:
        row = ("web", "mai", "live", "2020-01", b"sealed", "2020-01-06 00:00:00")
        database.execute("INSERT INTO outbox (channel, user, lane, period, sealed, due) VALUES (?, ?, ?, ?, ?, ?)", row)
    refused(langnghe("run", folder=tmp_path, WEB_PORT="0"), "key of 2020-01 is missing", "messages waiting")
    assert langnghe("migrate", "--erase-lost", folder=tmp_path).returncode == 0
    assert langnghe("migrate", folder=tmp_path).returncode == 0


def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    assert langnghe("simulate", "--people", "2", "--units", "1", "--periods", "1", folder=tmp_path).returncode == 0
    assert langnghe("backup", "copy.db", folder=tmp_path).returncode == 0
    assert {name: (tmp_path / name).stat().st_mode & 0o077 for name in left(tmp_path)} == dict.fromkeys(
        left(tmp_path), 0
    )


def test_what_an_old_copy_brings_back_of_released_answers_is_erased_at_start(tmp_path: Path) -> None:
    crowd = ("simulate", "--people", "2", "--units", "1", "--periods", "1")
    assert langnghe(*crowd, folder=tmp_path).returncode == 0
    assert langnghe("backup", "copy.db", folder=tmp_path).returncode == 0
    later = {"AS_OF": "2020-03-09"}
    assert langnghe(*crowd, folder=tmp_path, **later).returncode == 0, "which closes the period of the copy"
    for file in (tmp_path / "data").glob("rehearsal.db*"):
        file.unlink()
    assert langnghe("restore", "copy.db", folder=tmp_path).returncode == 0
    assert langnghe("migrate", folder=tmp_path).returncode == 0


def test_an_unknown_command_is_one_line(tmp_path: Path) -> None:
    refused(started("fly", folder=tmp_path), "fly")
