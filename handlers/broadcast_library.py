"""The library: every post of a phase as it is now, those of the plan's own folder included, to be sent (again)."""

from conversations import drafting
from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from conversations.text import excerpt
from handlers import broadcast_work, phase_words
from handlers.broadcast_ways import DRAFT, distinct, gone, listing, to
from handlers.commands import EDITOR
from handlers.phases import phase_on
from handlers.visit import Visit
from handlers.words import home, pages, turned
from models import posts
from models.posts import Version

PAGE = 6
LABEL = 58


async def show(visit: Visit) -> Screen:
    """The posts of one phase, a page at a time."""
    if not await broadcast_work.tops(visit, EDITOR):
        return gone(visit)
    pack, here = visit.house.pack, await _phase(visit)
    page = int(visit.person.data.get("page") or 0)
    found = await posts.library(visit.conn, here, page * PAGE, PAGE + 1)
    labels = distinct(excerpt(_title(visit, each), LABEL) for each in found[:PAGE])
    items = [Choice(f"post:{each.post_id}", label) for each, label in zip(found[:PAGE], labels, strict=True)]
    others = [Choice(f"phase:{each.id}", phase_words.name(visit, each)) for each in pack.phases if each.id != here]
    name = next(phase_words.name(visit, each) for each in pack.phases if each.id == here)
    return Screen(
        title=visit.t("broadcast.library"),
        text=f"{name}\n\n{visit.t('broadcast.library.text' if found else 'broadcast.library.none')}",
        choices=(*items, *others),
        nav=(*pages(visit, page, page + (len(found) > PAGE)), listing(visit), home(visit)),
    )


async def _phase(visit: Visit) -> str:
    wanted = str(visit.person.data.get("phase", ""))
    if wanted in {each.id for each in visit.house.pack.phases}:
        return wanted
    today = await phase_on(visit.conn, visit.house.pack, visit.today)
    return (today.phase if today else visit.house.pack.phases[0]).id


def _title(visit: Visit, version: Version) -> str:
    return read_content(version.body).called(visit.lang)


async def act(visit: Visit, said: Said) -> None:
    """Begin to send a post, look at another phase, or turn the page."""
    kind, _, value = said.action.partition(":")
    if kind == "page":
        visit.go(broadcast_work.NAME, **turned(visit, said.action))
    elif kind == "phase":
        to(visit, "library", phase=value)
    elif kind == "post" and await broadcast_work.tops(visit, EDITOR):
        post = await posts.latest(visit.conn, int(value))
        if post:
            to(visit, DRAFT, await broadcast_work.begin(visit, drafting.started(read_content(post.body)), post))
    else:
        to(visit, "list")
