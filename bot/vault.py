"""Where the tokens of a platform that changes them are kept, for all processes of a house."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.channel import Ground
from models import leases, tokens
from models.database import Connection
from models.tokens import Kept

LASTS = timedelta(seconds=60)  # longer than a purchase takes: of the platform's answer, and of the commit


@dataclass(frozen=True, slots=True)
class Vault:
    """The tokens of one channel. Each call is one transaction and raises Unavailable."""

    ground: Ground
    channel: str

    async def open(self) -> Kept | None:
        """Read what is kept."""
        return await self.ground.writer.write(self._load, self._lease)

    async def take(self) -> tuple[bool, Kept | None]:
        """Take the lease, and read what is kept then; False while another process holds it."""
        return await self.ground.writer.write(self._take, self._lease)

    async def save(self, kept: Kept) -> None:
        """Keep it and give the lease back."""
        await self.ground.writer.write(partial(self._save, kept), self._lease)

    async def leave(self) -> None:
        """Give the lease back."""
        await self.ground.writer.write(self._leave, self._lease)

    @property
    def _lease(self) -> str:
        return f"{self.channel}-tokens"

    async def _load(self, conn: Connection) -> Kept | None:
        return await tokens.load(conn, self.ground.foundation.house.keys, self.channel)

    async def _take(self, conn: Connection) -> tuple[bool, Kept | None]:
        mine = await leases.take(conn, self._lease, self.ground.holder, self.ground.foundation.now(), LASTS)
        return mine, await self._load(conn)

    async def _save(self, kept: Kept, conn: Connection) -> None:
        await tokens.save(conn, self.ground.foundation.house.keys, self.channel, kept)
        await self._leave(conn)

    async def _leave(self, conn: Connection) -> None:
        await leases.leave(conn, self._lease, self.ground.holder)
