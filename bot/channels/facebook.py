"""A Facebook page as a place where the federation posts. Nobody is heard there: comments stay on the page.

One post is one call: words alone, or a picture with words. Documented: POST /{page}/feed with `message` and `link`
gives `id`; POST /{page}/photos with a picture as `source` and its words gives `post_id`. Not confirmed: the longest
text (63,206 characters by common report), so longer ones are refused here.
"""

import logging
from collections import Counter
from typing import Any, Protocol

from bot.channels.facebook_calls import NAME, Graph, Refusal
from bot.channels.facebook_failures import BAD_LINK, DEAD, outcome_of, outcome_of_failure
from bot.channels.parts import utf16
from bot.channels.replies import Failed, NotSent
from bot.channels.tokens import Shut
from bot.outcomes import Gone, Refused, Sent, Throttled, Unavailable
from bot.outlets.steps import Step, ToPost
from models.messages import Outbound
from models.postings import TOKEN, TOO_LONG

__all__ = ["NAME", "Page", "preview", "worded"]

log = logging.getLogger(__name__)

MAX_TEXT = 63_206
LARGEST = 10 * 1024 * 1024  # bytes of a picture


class Access(Protocol):
    """Where tokens come from."""

    async def access(self, but_not: str = "") -> str: ...


class Page:
    """One page. `trouble` names what only a person can put right ("" while all is well)."""

    def __init__(self, graph: Graph, page: str, tokens: Access) -> None:
        self._graph, self._page, self._tokens = graph, page, tokens
        self._failures = 0
        self.trouble = ""
        self.counts: Counter[str] = Counter()

    def harmless(self, _step: str) -> bool:
        """The one step is the post."""
        return False

    def beyond(self, to_post: ToPost) -> Sent:
        """Nothing: the post is one call."""
        return Sent(to_post.external)

    async def post(self, to_post: ToPost) -> Step:
        """Post, once."""
        words, picture = worded(to_post.outbound), to_post.outbound.picture
        if utf16(words) > MAX_TEXT:
            return Refused(TOO_LONG)
        png = picture.png if picture and len(picture.png) <= LARGEST else b""
        form = {"message": words}
        if (opens := link(to_post.outbound)) and not png:
            form["link"] = opens
        step = await self._made(f"/{self._page}/{'photos' if png else 'feed'}", form, png)
        self.counts[type(step).__name__.lower()] += 1
        return step

    async def _made(self, path: str, form: dict[str, str], png: bytes) -> Step:
        try:
            told = await self._asked(path, form, png)
        except Refusal as refusal:
            step = outcome_of(refusal)
            self._note(refusal, step)
            return step
        except Failed as failure:
            self._failures += 1
            return outcome_of_failure(failure, self._failures)
        except Shut:
            self.trouble = TOKEN
            return Refused(TOKEN)
        except Unavailable:
            return Throttled(1.0)
        self._failures, self.trouble = 0, ""
        return Sent(str(told.get("post_id") or told.get("id") or ""))

    async def _asked(self, path: str, form: dict[str, str], png: bytes) -> dict[str, Any]:
        """Make the call; where Facebook cannot show the link it is left to the words, since nothing was posted."""
        try:
            return await self._called(path, form, png)
        except Refusal as refusal:
            if refusal.code != BAD_LINK or "link" not in form:
                raise
        return await self._called(path, {"message": form["message"]}, png)

    async def _called(self, path: str, form: dict[str, str], png: bytes) -> dict[str, Any]:
        """Make the call; a token that is refused buys one more try with another, since nothing was posted."""
        token = await self._token("")
        try:
            return await self._graph.post(path, token, form, png)
        except Refusal as refusal:
            if refusal.code not in DEAD:
                raise
        return await self._graph.post(path, await self._token(token), form, png)

    async def _token(self, but_not: str) -> str:
        try:
            return await self._tokens.access(but_not)
        except Failed as failure:  # whatever was lost there, nothing was posted
            raise NotSent(str(failure)) from None

    def _note(self, refusal: Refusal, step: Step) -> None:
        self.counts[f"error {refusal.code}"] += 1
        if isinstance(step, Gone) or step == Refused(TOKEN):
            if not self.trouble:
                log.error("facebook: the page takes no posts, somebody must look into it: %s", refusal)
            self.trouble = str(refusal)


def worded(outbound: Outbound) -> str:
    """A message as the words of a post: what a button opens stands on a line of its own."""
    links = [f"{button.label}: {button.url}" for row in outbound.buttons for button in row if button.url]
    return "\n\n".join(filter(None, (outbound.banner, outbound.title, outbound.text, "\n".join(links))))


def link(outbound: Outbound) -> str:
    """The address that Facebook shows as a card below the words; "" where there is none."""
    return next((button.url for row in outbound.buttons for button in row if button.url.startswith("https://")), "")


def preview(outbound: Outbound) -> list[str]:
    """The post as the page will show it."""
    return ["\n".join((*(["[PNG]"] if outbound.picture else []), worded(outbound)))]
