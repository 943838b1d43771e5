"""Opens what everything stands on: pack, phrases, keys, database. An operator's mistake is one line and no start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock, clock_of
from bot.settings import OperatorError, Settings
from handlers.content import (
    PackFaults,
    pack_rules,
    plant_units,
    read_pack,
    remember_consent,
    remember_posts,
    remember_versions,
)
from handlers.histograms import pack_histograms
from handlers.house import House
from locales import phrases
from models import answers, kind, resealing, rules
from models.audit import Act
from models.database import DatabaseFault, Engine, open_engine, told
from models.keys import KeyFault, Keys
from models.migrate import TooNew, upgrade
from models.release import repeated

PACKS = Path(__file__).parent.parent / "conversations" / "campaigns"


@dataclass(slots=True)
class Foundation:
    """An open house with its database and clock."""

    settings: Settings
    engine: Engine
    house: House
    now: Clock

    async def close(self) -> None:
        """Let go of the database."""
        await self.engine.dispose()


async def lay(settings: Settings, *, erase_lost: bool = False) -> Foundation:
    """Open everything. Raises OperatorError; nothing is half-written then."""
    try:
        pack = read_pack(pack_folder(settings.campaign))
    except PackFaults as faults:
        raise OperatorError(f"CAMPAIGN: {faults}") from None
    make_folder(settings.data_dir)
    engine = open_engine(settings.database)
    try:
        house = House(
            pack=pack,
            phrases=phrases.load(),
            keys=_keys(settings),
            public_url=settings.address,
            rehearsal=settings.as_of is not None,
        )
        now = clock_of(settings.as_of)
        with usable():
            await _prepare(engine, house, settings, now)
            await _settle_lost(engine, house, settings, erase=erase_lost)
    except BaseException:
        await engine.dispose()
        raise
    return Foundation(settings, engine, house, now)


def pack_folder(campaign: str) -> Path:
    """Where a campaign pack is: one that ships, by name, or any folder."""
    return Path(campaign) if os.sep in campaign else PACKS / campaign


def make_folder(folder: Path) -> None:
    """Make the data folder for us alone. Raises OperatorError when it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OperatorError(f"DATA_DIR: {folder} cannot be written to ({error.strerror})") from None


def _keys(settings: Settings) -> Keys:
    try:
        return Keys.open(settings.key_file)
    except (KeyFault, OSError) as error:
        raise OperatorError(str(error)) from None


@contextmanager
def usable() -> Iterator[None]:
    """Say in one line for the operator why a database cannot be used."""
    try:
        yield
    except (TooNew, kind.WrongKind) as error:
        raise OperatorError(str(error)) from None
    except DatabaseFault as error:
        raise OperatorError(f"DATABASE_URL: the database cannot be used ({told(error)})") from None


async def _prepare(engine: Engine, house: House, settings: Settings, now: Clock) -> None:
    await upgrade(engine)
    async with engine.begin() as conn:
        await kind.settle(conn, rehearsal=settings.as_of is not None)
        if settings.as_of:
            await plant_units(conn, house.pack.units_file, Act(now(), "shell"))
        loosened = await rules.check_rules(conn, pack_rules(house.pack))
        loosened += await repeated(conn, pack_histograms(house.pack))
        await remember_versions(conn, house.pack)
        await remember_posts(conn, house.pack, now())
        await remember_consent(conn, house.consent, now())
    if loosened:
        raise OperatorError("; ".join(loosened))


async def _settle_lost(engine: Engine, house: House, settings: Settings, *, erase: bool) -> None:
    """Erase what an old copy brought back although its key was destroyed; refuse a start without a key that was not."""
    async with engine.begin() as conn:
        lost = await answers.lost(conn, house.keys)
        unsent = await resealing.lost(conn, house.keys)
        missing = [period for period in sorted({*lost, *unsent}) if not house.keys.destroyed(period)]
        if missing and not erase:
            raise OperatorError(
                f"{settings.key_file}: the key of {', '.join(missing)} is missing, and without it the answers pending"
                " and the messages waiting there cannot be read; put the file back, or erase them for good:"
                " langnghe migrate --erase-lost"
            )
        await answers.drop_lost(conn, lost)
        await resealing.drop_lost(conn, unsent)
