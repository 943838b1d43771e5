"""The house keeps its own rules; and each rule is shown to see what it forbids."""

import shutil
from pathlib import Path

import pytest

from tests import structure
from tests.source import read

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("rule", structure.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: structure.Rule) -> None:
    assert list(rule(read(ROOT))) == []


PLANTED = [
    ("arrows", "locales/dates.py", "import models.people", "locales may not import models.people"),
    ("arrows", "models/people.py", "from conversations import engine", "models may not import conversations.engine"),
    ("arrows", "conversations/engine.py", "from models import people", "conversations may not import models.people"),
    ("arrows", "conversations/engine.py", "from models.answers import keep", "may not import models.answers.keep"),
    ("arrows", "handlers/summary.py", "from bot.settings import Settings", "handlers may not import bot.settings"),
    ("arrows", "bot/run.py", "from conversations import packs", "bot may not import conversations.packs"),
    ("arrows", "bot/run.py", "from tests import structure", "bot may not import tests.structure"),
    ("arrows", "bot/run.py", "from . import web", "imports by a relative name"),
    ("homes", "handlers/summary.py", "from sqlalchemy import select", "sqlalchemy is not at home here"),
    ("homes", "bot/run.py", "import telegram", "telegram is not at home here but in bot/channels/telegram*.py"),
    ("homes", "models/people.py", "import yaml", "yaml is not at home here"),
    ("homes", "handlers/join.py", "import segno", "segno is not at home here but in handlers/rendering/*"),
    ("homes", "bot/run.py", "import requests", "requests is not at home here but in no folder"),
    ("purity", "conversations/engine.py", "async def ask(): ...", "nothing here is async"),
    ("purity", "conversations/engine.py", "import secrets", "they may not use secrets"),
    ("purity", "conversations/engine.py", "import random\nrandom.shuffle([])", "only with a seeded random.Random"),
    ("purity", "conversations/engine.py", "from random import choice", "only with a seeded random.Random"),
    (
        "clock",
        "models/people.py",
        "from datetime import datetime\ndatetime.now()",
        "datetime.now is asked for only in bot/",
    ),
    (
        "clock",
        "conversations/engine.py",
        "import datetime\ndatetime.date.today()",
        "date.today is asked for only in bot/",
    ),
    ("clock", "models/seen.py", "from datetime import datetime as d\nd.now()", "now() is asked for only in bot/"),
    ("clock", "models/seen.py", "from sqlalchemy import func\nfunc.now()", "func.now is asked for only in bot/"),
    ("clock", "handlers/summary.py", "from time import time", "the module time is used only in bot/"),
    ("imports_on_top", "handlers/summary.py", "def show():\n    import json", "inside a function"),
    ("imports_on_top", "tests/test_desk.py", "async def test():\n    from bot import run", "inside a function"),
    ("empty_packages", "handlers/__init__.py", '"""A docstring."""\nfrom handlers import desk', "but a docstring"),
    ("doors", "models/figures.py", "from models.answers import _pending", "names the pending answers"),
    ("doors", "handlers/summary.py", "import models.answers\nmodels.answers._pending", "names the pending answers"),
    ("doors", "models/people.py", "from models.release import released_count", "name released_count"),
    ("doors", "handlers/summary.py", "from models.released import read", "and models/figures.py use models.released"),
    ("doors", "handlers/summary.py", "table = 'released_text'", "name released_text"),
    ("doors", "handlers/summary.py", "from models import examine_groups", "use models.examine_groups"),
    ("doors", "handlers/summary.py", "text('SELECT sum(n) FROM released_count')", "name released_count"),
    (
        "books",
        "handlers/summary.py",
        "from models.ledger import enter",
        "only models/figures.py uses models.ledger.enter",
    ),
    ("books", "handlers/summary.py", "from models import ledger", "only models/figures.py uses models.ledger"),
    ("books", "models/people.py", "tables.ledger_look", "only models/ledger.py names ledger_look"),
    ("books", "bot/metrics.py", "text('SELECT value FROM ledger_figure')", "only models/ledger.py names ledger_figure"),
    ("real_things", "tests/test_desk.py", "from unittest import mock", "no mocks"),
    ("real_things", "tests/test_desk.py", "import unittest.mock", "no mocks"),
    ("real_things", "tests/test_desk.py", "def test(monkeypatch): ...", "no mocks"),
]


@pytest.mark.parametrize(("rule", "path", "code", "sentence"), PLANTED)
def test_a_planted_fault_is_seen(tmp_path: Path, rule: str, path: str, code: str, sentence: str) -> None:
    plant(tmp_path, path, code)
    faults = list(getattr(structure, rule)(read(tmp_path)))
    assert len(faults) == 1
    assert faults[0].startswith(f"{path}:{len(code.splitlines())}: ")
    assert sentence in faults[0]


def test_a_circle_of_imports_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, "models/people.py", "from models import units")
    plant(tmp_path, "models/units.py", "from models.officers import Role")
    plant(tmp_path, "models/officers.py", "import models.people")
    (fault,) = structure.cycles(read(tmp_path))
    assert "imports run in a circle" in fault
    assert all(name in fault for name in ("models.people", "models.units", "models.officers"))


def test_a_library_of_one_file_is_not_used_by_two(tmp_path: Path) -> None:
    plant(tmp_path, "handlers/rendering/chart.py", "import resvg_py")
    plant(tmp_path, "handlers/rendering/cover.py", "import resvg_py")
    (fault,) = structure.homes(read(tmp_path))
    assert "resvg_py is already used by another file" in fault


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule.__name__ for rule in structure.RULES} == {name for name, *_ in PLANTED} | {"cycles"}


def test_a_fault_planted_in_the_real_house_is_seen(tmp_path: Path) -> None:
    for folder in structure.STAIRCASE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    plant(tmp_path, "conversations/screens.py", "import bot.settings")
    assert any("conversations may not import bot.settings" in fault for fault in structure.arrows(read(tmp_path)))


def plant(root: Path, path: str, code: str) -> None:
    """Write code into a file of a copy of the house."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code + "\n", "utf-8")
