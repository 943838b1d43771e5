"""Somebody in a chat that others can read: what is private they answer on the web, by the link, and then return."""

import re
from collections.abc import Callable

from tests.walks.browser import Browser
from tests.walks.plan import Plan
from tests.walks.reading import Seen
from tests.walks.sides import Handset
from tests.walks.walker import Walker
from tests.walks.world import World

LINK = re.compile(r"/go/([A-Za-z0-9_-]+)")


class Crosser(Walker):
    """`crossed` counts the links that were followed; the browser stays the same, and is opened with the first."""

    def __init__(
        self, world: World, plan: Plan, token: str, phone: Handset, open_browser: Callable[[], Browser]
    ) -> None:
        super().__init__(world, plan, token, phone)
        self.crossed = 0
        self._open_browser = open_browser

    async def _act(self, seen: Seen) -> None:
        link = LINK.search(seen.message.text)
        if self.phone is self.phones[0] and link:
            await self._cross(link[1])
        elif self.phone is not self.phones[0] and seen.offered("q:"):
            self.phone = self.phones[0]
            await self._do(lambda: self.phone.say("/start"))
        else:
            await super()._act(seen)

    async def _cross(self, token: str) -> None:
        self.crossed += 1
        if len(self.phones) == 1:
            self.phones.append(self._open_browser())
        self.phone = self.phones[1]
        await self._do(lambda: self.phone.say(f"/start {token}"))
