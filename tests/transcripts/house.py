"""Two houses to play in: the campaign that ships, and a small one with every kind of question and two homonyms.

An empty database with the units of each is made once and copied for every transcript.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import yaml
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import telegram_preview, web_preview
from bot.channels.zalo_bot import pieces
from conversations.packs import Pack, load
from conversations.questions import Questionnaire
from handlers.consent_text import current
from handlers.content import plant_units, remember_consent, remember_posts, remember_versions
from handlers.house import House
from locales import phrases
from models.audit import Act
from models.database import open_engine
from models.keys import Keys
from models.tables import metadata

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PHRASES = phrases.load()
ERASES = {"telegram": "recent", "web": "page"}
MAILING = {"telegram": 24.0, "zalo-bot": 5.0, "web": 100.0}
OVERHEARD = frozenset({"zalo-oa"})  # its administrators can read the chats
CAMPAIGN = load(ROOT / "conversations" / "campaigns" / "kh136")
BEGUN = datetime(2019, 11, 1, tzinfo=UTC)


def _every_kind() -> Pack:
    source = (HERE.parent / "conversations" / "all_kinds.yaml").read_text(encoding="utf-8")
    form = Questionnaire.model_validate(yaml.safe_load(source))
    return CAMPAIGN.model_copy(
        update={"questionnaires": {form.id: form}, "units_file": HERE / "units.csv", "k": 5, "hold": 0}
    )


PACKS = {"kh136": CAMPAIGN, "moi-loai": _every_kind()}


async def plant(folder: Path, pack: Pack) -> None:
    """Make an empty database with a pack's units."""
    engine = open_engine(_url(folder))
    async with engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
        await plant_units(conn, pack.units_file, Act(BEGUN, "shell"))
        await remember_versions(conn, pack)
        await remember_posts(conn, pack, BEGUN)
        await remember_consent(conn, current(pack, PHRASES), BEGUN)
    await engine.dispose()


def settle(planted: Path, folder: Path, pack: Pack) -> tuple[AsyncEngine, House]:
    """Open a house on a copy of a planted database, with keys of its own."""
    for file in planted.glob("house.db*"):
        shutil.copy(file, folder / file.name)
    house = House(
        pack=pack,
        phrases=PHRASES,
        keys=Keys.open(folder / "keys.json"),
        public_url="https://langnghe.example",
        below=Random(136).randrange,  # so that the noise of a transcript is always the same
        erases=ERASES,
        overheard=set(OVERHEARD),
        watched=set(OVERHEARD),
        mailing=list(MAILING),
        paces=dict(MAILING),
        wordy={"zalo-bot"},
        changes={"telegram"},
        previews={"telegram": telegram_preview.preview, "zalo-bot": pieces, "web": web_preview.preview},
        telegram_name="langnghe_bot",
    )
    return open_engine(_url(folder)), house


def _url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/house.db"
