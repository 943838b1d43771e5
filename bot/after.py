"""What follows a release: nothing of what was released can be traced any more, on disk or in a copy."""

import logging

from bot.foundation import Foundation
from bot.writer import Writer
from models import answers, resealing, revisions, shredding

log = logging.getLogger(__name__)


async def after_release(foundation: Foundation, writer: Writer, current: str) -> bool:
    """Seal what waits on anew, even out what counts screens, destroy the keys of the past, empty the write-ahead log.

    Does nothing twice. False when it must be done again: somebody wrote late under a key of the past, or read while the
    log was emptied.
    """
    keys = foundation.house.keys
    await writer.write(lambda conn: answers.rekey(conn, keys, current))
    await writer.write(lambda conn: resealing.rekey(conn, keys, current))
    await writer.write(lambda conn: revisions.even_out(conn, current))
    gone = await writer.write(lambda conn: shredding.retire(conn, keys, current))
    if gone:
        log.info("keys destroyed", extra={"periods": ", ".join(gone)})
    emptied = await shredding.checkpoint(foundation.engine)
    return emptied and not shredding.past(keys, current)
