"""What follows a release: nothing of what was released can be traced any more, on disk or in a copy."""

import logging

from bot.foundation import Foundation
from bot.writer import Writer
from models import answers, release

log = logging.getLogger(__name__)


async def after_release(foundation: Foundation, writer: Writer, current: str) -> None:
    """Seal what waits on anew, destroy the keys of the past, empty the write-ahead log. Does nothing twice."""
    keys = foundation.house.keys
    await writer.write(lambda conn: answers.rekey(conn, keys, current))
    gone = await writer.write(lambda conn: answers.retire(conn, keys, current))
    if gone:
        log.info("keys destroyed", extra={"periods": ", ".join(gone)})
    await release.checkpoint(foundation.engine)
