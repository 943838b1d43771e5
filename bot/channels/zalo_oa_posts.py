"""Posts of an Official Account: an article is made, waited for, and told to the followers; each is a step of its own.

Between the steps what Zalo gave is kept, so that a death in one of them repeats none before it. Only asking whether the
article is made may be done twice. By night (22:00 to 6:00) nothing is told; the article waits for the morning.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from bot.channels.backoff import pause
from bot.channels.facebook import worded
from bot.channels.parts import parts, utf16
from bot.channels.replies import Failed, Lost, NotSent, Stranger
from bot.channels.tokens import Shut
from bot.channels.zalo_oa_articles import MAX_AUTHOR, MAX_DESCRIPTION, MAX_TITLE, Article, broadcast, create, verify
from bot.channels.zalo_oa_calls import Call
from bot.channels.zalo_oa_failures import HUMAN, NIGHT, PROCESSING, SLOW, TOKEN, Refusal, meaning, until_morning
from bot.outcomes import Refused, Sent, Throttled, Unavailable, Unknown
from bot.outlets.steps import Step, ToPost, Went
from locales.formats import VIETNAM
from models import postings
from models.messages import Outbound, Picture

MADE, TELL = "made?", "tell"
LOOK = 15.0  # seconds between looks at an article in the making
LOOKS = 960  # four hours
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
TOO_MUCH = frozenset({-211, -217, -218, -1441, -1472})  # what the account, or its followers, have had enough of

Cover = Callable[[Picture | None, str], Awaitable[str]]


class Articles:
    """The posts of one account. `cover` gives the address of a picture, or of a card with a title; "" where none can be
    had, since our address is not on the public web.
    """

    def __init__(self, call: Call, author: str, cover: Cover, now: Callable[[], datetime]) -> None:
        self._call, self._author, self._cover, self._now = call, author, cover, now
        self._failures = 0
        self.counts: Counter[str] = Counter()

    def harmless(self, step: str) -> bool:
        """Whether the step only asks how far the article is."""
        return step.startswith(MADE)

    def beyond(self, to_post: ToPost) -> Sent:
        """Nothing: an article that we do not know the id of can be told to the followers only in Zalo's console."""
        return Sent(to_post.external)

    async def post(self, to_post: ToPost) -> Step:
        """Make one step."""
        work = partial(self._begin, to_post.outbound)
        if to_post.step.startswith(MADE):
            work = partial(self._look, int(to_post.step.removeprefix(MADE) or 0), to_post.external)
        elif to_post.step == TELL:
            work = partial(self._tell, to_post.external)
        step = await self._tried(work, asks=self.harmless(to_post.step))
        self.counts[f"post {type(step).__name__.lower()}"] += 1
        return step

    async def _tried(self, work: Callable[[], Awaitable[Step]], *, asks: bool) -> Step:
        try:
            step = await work()
        except Refusal as refusal:
            self.counts[f"error {refusal.code}"] += 1
            return self._refused(refusal)
        except Failed as failure:
            self._failures += 1
            return _failed(failure, self._failures, asks=asks)
        except Shut:
            return Refused(postings.TOKEN)
        except Unavailable:
            return Throttled(1.0)
        self._failures = 0
        return step

    async def _begin(self, outbound: Outbound) -> Step:
        cover = await self._cover(outbound.picture, outbound.title)
        if not cover:
            return Refused(postings.NO_COVER)
        token = await create(self._call, article(outbound, self._author, cover))
        # An article without a token cannot be found again: it may stand there, and nobody is told of it.
        return Went(f"{MADE}0", token, LOOK) if token else Unknown()

    async def _look(self, looks: int, token: str) -> Step:
        if id := await verify(self._call, token):
            return Went(TELL, id)
        return Went(f"{MADE}{looks + 1}", token, LOOK) if looks < LOOKS else Refused("the article was never made")

    async def _tell(self, id: str) -> Step:
        here = self._now().astimezone(VIETNAM)
        if not NIGHT_ENDS <= here.hour < NIGHT_BEGINS:
            return Throttled(until_morning(self._now()))
        return Sent(",".join(filter(None, (id, await broadcast(self._call, id)))))

    def _refused(self, refusal: Refusal) -> Step:
        kind = meaning(refusal)
        if kind == NIGHT:
            return Throttled(until_morning(self._now()))
        if kind == SLOW or refusal.code == PROCESSING:
            return Throttled(pause(self._failures + 1) + LOOK)
        if refusal.code in TOO_MUCH:
            return Refused(f"{postings.QUOTA} {refusal}")
        if refusal.code in TOKEN:
            return Refused(postings.TOKEN)
        return Refused(f"{postings.ACCOUNT} {refusal}" if kind == HUMAN else str(refusal))


def _failed(failure: Failed, tries: int, *, asks: bool) -> Step:
    """Only what did not leave us was surely not done; a gateway's page may stand before something that was."""
    refused = isinstance(failure, Stranger) and 400 <= failure.status < 500
    if asks or refused or isinstance(failure, NotSent):
        return Throttled(pause(tries) if isinstance(failure, (NotSent, Stranger, Lost)) else LOOK)
    return Unknown()


def article(outbound: Outbound, author: str, cover: str) -> Article:
    """A message as an article: its title, its first words below that, all its words, and what its buttons open."""
    whole = [part for part in worded(_untitled(outbound)).split("\n\n") if part.strip()]
    title = outbound.title.strip() or (whole[0] if whole else author)
    first = next((part for part in outbound.text.split("\n\n") if part.strip()), title)
    return Article(
        title=_cut(title, MAX_TITLE),
        author=_cut(author, MAX_AUTHOR),
        description=_cut(f"{outbound.banner} {first}", MAX_DESCRIPTION),
        paragraphs=tuple(whole) or (title,),
        cover=cover,
    )


def preview(outbound: Outbound) -> list[str]:
    """What followers see: the announcement with its cover, then the article behind it."""
    made = article(outbound, "–", "https://")
    told = "\n".join(("[PNG]", made.title, made.description))
    return [told, "\n\n".join((made.title, *made.paragraphs))]


def _untitled(outbound: Outbound) -> Outbound:
    return Outbound(outbound.to, outbound.text, buttons=outbound.buttons, banner=outbound.banner)


def _cut(text: str, limit: int) -> str:
    words = " ".join(text.split())
    return words if utf16(words) <= limit else f"{parts(words, limit - 1)[0]}…"
