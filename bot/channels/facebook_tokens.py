"""The right to post as a page: a token that lives long, looked at once a day, and renewed where that can be done.

Documented: a token still alive is exchanged for one of about 60 days with the app's id and secret, and a page's token
that is read with a long-lived one has no end. Not confirmed: that a page's own token may be exchanged, and that it may
be read with itself. So neither is relied on: what is refused is left out, and the token at hand is used while it works.
"""

from dataclasses import dataclass

from bot.channels.facebook_calls import Graph, Refusal
from bot.channels.facebook_failures import DEAD, OURS, SLOW
from bot.channels.replies import NotSent
from bot.channels.tokens import Spent, Whose
from models.tokens import Pair

WHOSE = Whose("facebook", "FACEBOOK_PAGE_TOKEN")


@dataclass(slots=True)
class Purchase:
    """Buys a pair for a page: its token, and what buys the next. `title` is the page's name, once it is known."""

    graph: Graph
    page: str
    title: str = ""

    async def __call__(self, token: str) -> Pair:
        """Renew what the operator or the last purchase gave. Raises Spent for a dead token, Failed."""
        longer = await self._longer(token)
        try:
            page = await self._page(longer)
        except Refusal as refusal:
            if refusal.code in (*SLOW, *OURS) or refusal.transient:
                raise NotSent(str(refusal)) from None
            raise Spent from None
        return Pair(page or longer, longer)

    async def _longer(self, token: str) -> str:
        if not (self.graph.app_id and self.graph.secret):
            return token
        try:
            return await self.graph.exchange(token) or token
        except Refusal as refusal:
            if refusal.code in DEAD:
                raise Spent from None
            return token

    async def _page(self, token: str) -> str:
        """The page's own token; "" where it is not told. Refused where the token says nothing about the page."""
        try:
            told = await self.graph.get(f"/{self.page}", token, "name,access_token")
        except Refusal as refusal:
            if refusal.code in (*DEAD, *SLOW, *OURS):
                raise
            told = await self.graph.get(f"/{self.page}", token, "name")
        self.title = str(told.get("name") or self.title)
        return str(told.get("access_token") or "")
