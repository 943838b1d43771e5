"""The right to speak on a platform that changes its tokens: one to speak with, and one that buys the next pair.

Whoever buys a new pair holds a lease, so that one process does, and commits the pair before its first use. Where a
token buys once, a crash between buying and keeping loses the account: the old token is spent and the new one was never
kept. Nothing undoes that, so a purchase answered without a pair is the end until the operator gives a fresh token; it
is not repeated.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.backoff import pause
from bot.channels.replies import Failed
from bot.outcomes import Unavailable
from models.tokens import Kept, Pair, fingerprint

log = logging.getLogger(__name__)

REFRESH = timedelta(hours=20)  # Zalo's live for 25; for others it is how soon a dead token is found
LOOK_EVERY = 30.0  # seconds: what another process bought is found within them
WAIT = 0.5  # seconds between looks while another process buys


class Spent(Exception):
    """The platform sells nothing for this token any more."""


class Shut(Exception):
    """There is no token to speak with until the operator gives one."""


class Vault(Protocol):
    """Where the pair is kept, for all processes; each call is one committed transaction. Raises Unavailable."""

    async def open(self) -> Kept | None:
        """Read what is kept."""

    async def take(self) -> tuple[bool, Kept | None]:
        """Take the lease, and read what is kept then; False while another process holds it."""

    async def save(self, kept: Kept) -> None:
        """Keep it and give the lease back."""

    async def leave(self) -> None:
        """Give the lease back."""


Buy = Callable[[str], Awaitable[Pair]]


@dataclass(frozen=True, slots=True)
class Whose:
    """A channel's name, and the setting with which its operator begins."""

    channel: str
    setting: str


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose tokens they are, how a pair is bought, and the operator's token to begin with ("" where there is none)."""

    whose: Whose
    buy: Buy
    begin: str


class Tokens:
    """The pair of one account. `trouble` says why there will be none without the operator ("" while all is well)."""

    def __init__(self, vault: Vault, shop: Shop, now: Callable[[], datetime]) -> None:
        self._vault, self._buy, self._now = vault, shop.buy, now
        self._whose, self._begin = shop.whose, shop.begin
        self._kept: Kept | None = None
        self._refused = ""  # an access token that was bought for a refused one, and refused as well
        self._bought_for_refused = ""
        self._lock = asyncio.Lock()
        self._buying: asyncio.Task[None] | None = None
        self.trouble = ""

    async def run(self) -> None:
        """Keep the pair fresh until cancelled; a platform or a database that is away is tried again."""
        tries = 0
        while True:
            try:
                await self.look()
                tries = 0
            except (Failed, Unavailable) as failure:
                tries += 1
                log.warning("%s: the token could not be renewed now: %s", self._whose.channel, type(failure).__name__)
            await asyncio.sleep(pause(tries) if tries else LOOK_EVERY)

    async def look(self) -> None:
        """Read the pair anew, and renew it where it is time. Raises Failed and Unavailable."""
        self._adopt(await self._vault.open())
        if self._wanted(self._kept, ""):
            await self._renew("")

    async def access(self, but_not: str = "") -> str:
        """Give a token to speak with, another one than a refused one.

        Raises Shut where there is none, Failed and Unavailable where it could not be found out.
        """
        if but_not and but_not == self._bought_for_refused:
            self._refused = but_not
            self._tell("a token bought just now is refused: is the app still authorised by the account?")
            raise Shut
        if self._access in ("", but_not):
            await self._renew(but_not)
        if self._access in ("", but_not):
            raise Shut
        return self._access

    async def settle(self, patience: float) -> None:
        """Wait, for at most `patience` seconds, until what was bought is kept."""
        if self._buying and not self._buying.done():
            await asyncio.wait([self._buying], timeout=patience)

    @property
    def _access(self) -> str:
        return self._kept.pair.access if self._kept and self._kept.pair else ""

    async def _renew(self, refused: str) -> None:
        """Buy a pair, or wait for another process that does. Does nothing where somebody just did, or nothing helps."""
        async with self._lock:
            if self._buying and not self._buying.done():
                await asyncio.shield(self._buying)  # whoever began it gave up waiting
            while True:
                mine, kept = await self._vault.take()
                self._adopt(kept)
                token = self._wanted(kept, refused)
                if mine and token:
                    # Whoever waits may give up; what was bought is kept all the same.
                    self._buying = asyncio.create_task(self._trade(token, kept, refused))
                    self._buying.add_done_callback(_heard)
                    await asyncio.shield(self._buying)
                elif mine:
                    await self._vault.leave()
                if mine or not token:
                    return
                await asyncio.sleep(WAIT)

    def _wanted(self, kept: Kept | None, refused: str) -> str:
        """Give the token to buy with, "" where nothing is to be bought."""
        if self._begin and (kept is None or kept.begun_with != fingerprint(self._begin)):
            return self._begin
        if kept is None or kept.pair is None or kept.spent:
            return ""
        old = self._now() - kept.at >= REFRESH
        return kept.pair.refresh if old or kept.pair.access == refused else ""

    async def _trade(self, token: str, kept: Kept | None, refused: str) -> None:
        begun_with = fingerprint(self._begin) if token == self._begin or kept is None else kept.begun_with
        try:
            bought = Kept(await self._buy(token), self._now(), begun_with)
        except Spent:
            # Of a beginning that failed, a pair that works is left as it was.
            base = kept or Kept(None, self._now(), begun_with, spent=True)
            spent = base.spent or base.pair is None or base.pair.refresh == token
            bought = replace(base, begun_with=begun_with, spent=spent)
            log.error("%s: the platform refused a token that buys the next", self._whose.channel)
        except Failed:
            await self._vault.leave()
            raise
        await self._save(bought)
        if refused and bought.pair:
            self._bought_for_refused = bought.pair.access
        self._adopt(bought)

    async def _save(self, kept: Kept) -> None:
        """Keep it, however long that takes: what is lost here cannot be bought again."""
        tries = 0
        while True:
            try:
                await self._vault.save(kept)
            except Unavailable:
                tries += 1
                await asyncio.sleep(pause(tries, 5.0))
            else:
                return

    def _adopt(self, kept: Kept | None) -> None:
        self._kept = kept
        dead = kept is None or kept.pair is None or kept.spent
        if dead and not self._wanted(kept, ""):
            self._tell(f"no token works: set a fresh {self._whose.setting}")
        elif self._access != self._refused:
            self.trouble = self._refused = ""

    def _tell(self, trouble: str) -> None:
        if self.trouble != trouble:
            log.error("%s: %s", self._whose.channel, trouble)
        self.trouble = trouble


def _heard(work: asyncio.Task[None]) -> None:
    """Take note of a failure that nobody waits for any more: the next look tries again."""
    if not work.cancelled():
        work.exception()
