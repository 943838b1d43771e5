"""The places that the settings open, kept among the outlets while they are open: an account, a page, our own web."""

from collections.abc import Mapping
from datetime import datetime

from bot.outcomes import Sent
from bot.outlets.steps import Door, ToPost
from models import outlets
from models.database import Connection
from models.outlets import FACEBOOK, FEED, ZALO, Outlet


async def keep_own(doors: Mapping[str, Door], at: datetime, conn: Connection) -> None:
    """Open and close the places of the settings as they are now; a name that is not known yet stays as it was."""
    for kind in (ZALO, FACEBOOK, FEED):
        door, known = doors.get(kind), await outlets.find(conn, kind)
        if door is None or door.title is None:
            if known:
                await outlets.let(conn, kind, False)
            continue
        title = outlets.titled(door.title()) or (known.title if known else kind)
        now = Outlet(kind, kind, title, door.well(), known.since if known else at)
        if now != known:
            await outlets.keep(conn, now)


class OwnWeb:
    """Our own web: it shows what is running by itself, so posting there is done at once."""

    def harmless(self, _step: str) -> bool:
        """It may be done as often as one likes."""
        return True

    def beyond(self, to_post: ToPost) -> Sent:
        """Nothing."""
        return Sent(to_post.external)

    async def post(self, _to_post: ToPost) -> Sent:
        """Say that it stands there."""
        return Sent()
