"""`langnghe audit privacy` as an operator meets it: twenty lines and an exit code; nothing changes and nobody waits."""

import sqlite3
from pathlib import Path

from tests.bot.test_shell import langnghe, left, refused


def test_a_rehearsal_that_people_walked_through_is_sound_until_somebody_meddles(tmp_path: Path) -> None:
    assert langnghe("simulate", "--people", "24", "--units", "1", "--periods", "2", folder=tmp_path).returncode == 0
    database = sqlite3.connect(tmp_path / "data" / "rehearsal.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")  # a house that is writing just now
    done = langnghe("audit", "privacy", folder=tmp_path)
    database.execute("COMMIT")
    assert (done.returncode, done.stderr) == (0, "")
    *found, last = done.stdout.splitlines()
    assert [line.split()[0] for line in found] == [f"G{number}" for number in range(1, 21)]
    assert {line[30:43].strip() for line in found} == {"HOLDS", "BY TESTS"}
    assert last.startswith("Fewer than 1,000 answers, examined in ")
    assert last.endswith(": nothing is broken.")
    database.execute("UPDATE released_question SET scale = '0'")
    done = langnghe("audit", "privacy", folder=tmp_path)
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines() if " BROKEN " in line] == ["G5"]
    assert done.stdout.endswith(": 1 BROKEN.\n")
    database.close()


def test_a_new_database_has_nothing_to_break(database_url: str, tmp_path: Path) -> None:
    real = {"DATABASE_URL": database_url, "CAMPAIGN": "kh136"}
    assert langnghe("migrate", folder=tmp_path, **real).returncode == 0
    before = left(tmp_path)
    done = langnghe("audit", "privacy", folder=tmp_path, **real)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout.replace("nothing is broken", "")
    assert [name for name in left(tmp_path) if not name.endswith(("-wal", "-shm"))] == [
        name for name in before if not name.endswith(("-wal", "-shm"))
    ]


def test_what_cannot_be_examined_is_one_line(tmp_path: Path) -> None:
    refused(langnghe("audit", "privacy", folder=tmp_path), "DATABASE_URL")
    assert left(tmp_path) == []
    assert langnghe("migrate", folder=tmp_path).returncode == 0
    file = f"sqlite+aiosqlite:///{tmp_path}/data/rehearsal.db"
    refused(langnghe("audit", "privacy", folder=tmp_path, DATABASE_URL=file), "DATABASE_URL", "rehearsal")
    with sqlite3.connect(tmp_path / "data" / "rehearsal.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    refused(langnghe("audit", "privacy", folder=tmp_path), "DATABASE_URL", "langnghe migrate")
