"""What every way of running the house begins with: the writer, the reception, and the road between them."""

from dataclasses import dataclass

from bot.foundation import Foundation
from bot.receive import Road
from bot.settings import Settings
from bot.writer import Writer
from handlers.reception import Reception
from handlers.talks import registry
from models.database import is_sqlite

LANES = 4  # open transactions at once, on a database that allows more than one writer


@dataclass(frozen=True, slots=True)
class Front:
    """A writer that has not begun yet, the reception, and the road that leads to it."""

    writer: Writer
    reception: Reception
    road: Road


def front(foundation: Foundation) -> Front:
    """Put a road in front of an open house; nothing is taken in before `writer.start()`."""
    house = foundation.house
    writer = Writer(foundation.engine, _lanes(foundation.settings))
    reception = Reception(house, registry(house.phrases))
    return Front(writer, reception, Road(writer, house.keys, reception.attend, reception.apology, reception.period))


def _lanes(settings: Settings) -> int:
    return 1 if is_sqlite(settings.database) else LANES
