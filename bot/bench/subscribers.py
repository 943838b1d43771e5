"""A house with very many subscribers, made in bulk: a copy of the shipped pack, a post in its library, people."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.bench.filling import BATCH, WAVES, insert, person_row
from bot.clock import clock_of
from bot.foundation import PACKS, Foundation, lay
from bot.settings import Settings
from locales.formats import VIETNAM
from models.tables import metadata
from models.units import load_tree

REHEARSAL = date(2020, 1, 6)
SINCE = datetime(2019, 12, 1, tzinfo=UTC)
FIRST = 1_000_000_000  # what the crowd's Bot API takes for a subscriber's chat, see tests/crowd/talking.py
POST = "thu-toc-do"
# As long as an official notice usually is.
WORDS = """id: thu-toc-do
title: {vi: "Lấy ý kiến đoàn viên về đời sống và việc làm", en: "Asking members about life and work"}
phase: dot-1
topic: dot-1.1
source: {issuer: "Liên đoàn Lao động tỉnh Sơn La", number: "12/LĐLĐ", date: 2020-01-03}
text:
  vi: |
    Liên đoàn Lao động tỉnh mời đoàn viên, công nhân, viên chức, lao động cho biết ý kiến về đời sống và việc làm.

    Mỗi người trả lời trong khoảng hai phút, ngay trong cuộc trò chuyện này. Câu trả lời được cộng lại theo nhóm từ mười
    người trở lên; không ai biết riêng ai đã nói gì. Ai không muốn trả lời thì không cần làm gì cả.

    Kết quả chung của toàn tỉnh và những việc công đoàn sẽ làm tiếp theo được thông báo sau khi kỳ lấy ý kiến kết thúc.
"""


def pack(folder: Path) -> Path:
    """Copy the shipped pack with one post, and with its quiet hours far from now: benchmarks run by night too."""
    shutil.copytree(PACKS / "kh136", folder, ignore=shutil.ignore_patterns("posts"))
    (folder / "posts/dot-1").mkdir(parents=True)
    (folder / f"posts/dot-1/{POST}.yaml").write_text(WORDS, encoding="utf-8")
    hour = clock_of(REHEARSAL)().astimezone(VIETNAM).hour
    sheet = folder / "campaign.yaml"
    lines = [line for line in sheet.read_text("utf-8").splitlines() if not line.startswith("quiet:")]
    lines.append(f"quiet: {{from: {(hour + 11) % 24}, to: {(hour + 12) % 24}}}")
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def settings_of(folder: Path, database: str = "") -> Settings:
    """The settings of the house in a folder, deaf to the caller's; its database is there too unless one is named."""
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=database,
        campaign=str(folder / "pack"),
        public_url="",
        as_of=REHEARSAL,
    )


async def fill(folder: Path, people: int, database: str = "") -> int:
    """Open the house in a folder for the first time, with so many subscribers on Telegram; gives how many units.

    Raises RuntimeError where the database named has people already.
    """
    pack(folder / "pack")
    foundation = await lay(settings_of(folder, database))
    try:
        async with foundation.engine.begin() as conn:
            if (await conn.execute(metadata.tables["address"].select().limit(1))).first():
                raise RuntimeError("--database: people are in it; name an empty one, nothing is removed from it")
            tree = await load_tree(conn, REHEARSAL)
        units = [unit.id for unit in tree.units]
        for batch in _batches(people, units, random.Random(people)):
            await _keep(foundation, batch)
        return len(units)
    finally:
        await foundation.close()


def _batches(people: int, units: list[str], chance: random.Random) -> Iterator[list[tuple[int, str, str]]]:
    """Draw people as (id, chat, unit), some thousand at a time; the three have nothing to do with each other."""
    ids = [chance.getrandbits(62) + 1 for _ in range(people)]
    size = -(-people // WAVES)
    waves = [id for start in range(0, people, size) for id in sorted(ids[start : start + size])]
    chats = chance.sample(range(FIRST, FIRST + people), people)
    everybody = [(id, str(chat), chance.choice(units)) for id, chat in zip(waves, chats, strict=True)]
    for start in range(0, people, BATCH):
        yield everybody[start : start + BATCH]


async def _keep(foundation: Foundation, batch: list[tuple[int, str, str]]) -> None:
    consent = foundation.house.consent.version
    async with foundation.engine.begin() as conn:
        await insert(conn, "person", [person_row(id, unit, consent) for id, _, unit in batch])
        await insert(conn, "address", [_address(id, chat) for id, chat, _ in batch])
        news = [{"topic": "news", "person_id": id, "since": SINCE} for id, _, _ in batch]
        await insert(conn, "subscription", news)


def _address(person: int, chat: str) -> dict[str, Any]:
    return {"channel": "telegram", "user": chat, "person_id": person, "left_on": None}
