"""Exactly the messages as each channel and public place will show them, one a page."""

from dataclasses import dataclass, replace

from conversations.posts import Content
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work, posting
from handlers import outlets as places
from handlers.broadcast_ways import DRAFT, back, gone, to
from handlers.broadcast_work import Work
from handlers.posting import Setting, Sheet
from handlers.visit import Visit
from handlers.words import CHANNELS, home, pages, turned
from models import outlets
from models.broadcasts import Plan
from models.messages import Outbound, Picture
from models.posts import Version


@dataclass(frozen=True, slots=True)
class Leaf:
    """One message with where it is shown; `picture` goes along with the first of several."""

    places: str
    text: str
    picture: Picture | None = None


async def sheet(visit: Visit, content: Content) -> Sheet:
    """A post that is in no library yet, ready to be laid out."""
    body = content.canonical()
    return await posting.sheet(visit.conn, Version(0, 0, body, content.digest, "", visit.at, None, None))


async def leaves(visit: Visit, plan: Plan, post: Sheet) -> list[Leaf]:
    """All messages; those that look the same in several places are shown once."""
    found: dict[tuple[str, ...], list[str]] = {}
    pictures: dict[tuple[str, ...], Picture | None] = {}
    for place, outbound, texts in await _shown(visit, plan, post):
        found.setdefault(texts, []).append(place)
        pictures[texts] = outbound.picture
    return [leaf for texts, places in found.items() for leaf in _leaves(visit, places, texts, pictures[texts])]


def _leaves(visit: Visit, places: list[str], texts: tuple[str, ...], picture: Picture | None) -> list[Leaf]:
    where = ", ".join(dict.fromkeys(places))
    several = len(texts) > 1
    names = [visit.t("broadcast.preview.part", places=where, n=n, of=len(texts)) for n in range(1, len(texts) + 1)]
    leaves = [Leaf(name if several else where, text) for name, text in zip(names, texts, strict=True)]
    return [replace(leaves[0], picture=picture), *leaves[1:]] if leaves else []


async def _shown(visit: Visit, plan: Plan, post: Sheet) -> list[tuple[str, Outbound, tuple[str, ...]]]:
    told = await broadcast_told.size(visit, plan)
    channels = sorted(told.channels) if told and told.people else []
    if not channels and not plan.outlets:
        channels = visit.house.mailing[:1]
    found = []
    for lang in _languages(visit, plan, post.content):
        for channel in channels:
            topic = plan.audience.topic if plan.audience else ""
            outbound = posting.direct(visit.house, post, Setting(lang, visit.today, topic, channel))
            found.append(
                (_named(visit, CHANNELS.get(channel, channel), lang), outbound, texts(visit, channel, outbound))
            )
    for key in plan.outlets:
        kind = outlets.kind_of(key)
        outbound = places.laid_out(visit.house, post, kind, visit.today)
        found.append((await broadcast_told.outlet_name(visit, key), outbound, texts(visit, kind, outbound)))
    return found


def _languages(visit: Visit, plan: Plan, content: Content) -> list[str]:
    known = [lang for lang in visit.house.phrases.languages if lang in content.text]
    wanted = plan.audience.language if plan.audience else ""
    return [lang for lang in known if wanted in ("", lang)] or known[:1]


def _named(visit: Visit, name: str, lang: str) -> str:
    return name if lang == visit.house.phrases.languages[0] else f"{name} ({lang})"


def texts(visit: Visit, place: str, outbound: Outbound) -> tuple[str, ...]:
    """The texts in which a channel or a public place shows a message; the plain words where it does not say."""
    if shown := visit.house.previews.get(place):
        return tuple(shown(outbound))
    return ("\n\n".join(part for part in (outbound.banner, outbound.title, outbound.text) if part),)


async def counted(visit: Visit, work: Work) -> str:
    """In how many messages each channel will show a draft; "" as long as it is no whole post."""
    content = broadcast_work.whole(visit, work)
    post = Sheet(content) if content else None
    if post is None:
        return ""
    told = []
    for channel in visit.house.mailing:
        outbound = posting.direct(visit.house, post, Setting("vi", visit.today, "news", channel))
        told.append(f"{CHANNELS.get(channel, channel)} {len(texts(visit, channel, outbound))}")
    return ", ".join(told)


def picture_of(leaf: Leaf) -> tuple[bytes, str]:
    """The picture of a page with its words."""
    return (leaf.picture.png, leaf.picture.alt) if leaf.picture else (b"", "")


async def show(visit: Visit) -> Screen:
    """One message of a draft."""
    work = await broadcast_work.find(visit)
    if work is None:
        return gone(visit)
    content = broadcast_work.whole(visit, work)
    if content is None:
        return Screen(visit.t("broadcast.preview.unfinished"), nav=(back(visit), home(visit)))
    shown = await leaves(visit, work.plan, await sheet(visit, content))
    return screen(visit, shown, (), (back(visit), home(visit)))


def screen(visit: Visit, shown: list[Leaf], choices: tuple[Choice, ...], nav: tuple[Choice, ...]) -> Screen:
    """The page that is open."""
    last = len(shown) - 1
    at = min(int(visit.person.data.get("page") or 0), last)
    picture, alt = picture_of(shown[at])
    head = visit.t("broadcast.preview.page", n=at + 1, of=len(shown), places=shown[at].places)
    return Screen(
        title=visit.t("broadcast.preview.title"),
        text=f"{head}\n\n{shown[at].text}",
        choices=choices,
        nav=(*pages(visit, at, last), *nav),
        picture=picture,
        picture_alt=alt,
    )


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, or go back to the draft."""
    if said.action.startswith("page:"):
        visit.go(broadcast_work.NAME, **turned(visit, said.action))
    else:
        to(visit, DRAFT, await broadcast_work.find(visit))
