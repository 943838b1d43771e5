"""What an approver decides about a whole schedule of slogans: every occasion, and each slogan's message once.

The approval holds for what was shown, known by one digest over the seals of all occasions. What came too late for its
moment is not sent any more.
"""

from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_work, posting, slogan_series
from handlers.broadcast_preview import leaves, picture_of
from handlers.broadcast_review import ask_reason, decisions, reason_of
from handlers.broadcast_ways import back, gone, listing, to
from handlers.broadcast_work import NAME
from handlers.commands import APPROVER
from handlers.schedule_words import PAGE, line, phase_of, reached
from handlers.visit import Visit
from handlers.words import home, pages, turned
from locales.formats import number
from models import broadcasts, series
from models.broadcasts import SUBMITTED, Broadcast

VIEW = "series-review"


async def open(visit: Visit, name: str) -> None:
    """Show a schedule as it is now."""
    found = await slogan_series.of(visit, name, SUBMITTED, APPROVER)
    visit.go(NAME, at=VIEW, series=name, seal=await slogan_series.digest(visit, found))


async def own(visit: Visit, found: list[Broadcast]) -> bool:
    """Whether somebody had a hand in any of the occasions, so that another has to approve."""
    return any([await broadcasts.had_a_hand(visit.conn, each, str(visit.person.id)) for each in found])


async def show(visit: Visit) -> Screen:
    """The occasions first, then the message of each slogan; the approval stands on the last page."""
    found = await _found(visit)
    if not found:
        return gone(visit)
    if visit.person.data.get("ask"):
        return ask_reason(visit, back(visit, visit.t("schedule.back")))
    if await slogan_series.digest(visit, found) != visit.person.data.get("seal"):
        again = Choice("again", visit.t("broadcast.review.again"))
        return Screen(visit.t("broadcast.review.changed"), choices=(again,), nav=(listing(visit), home(visit)))
    words = _words(found)
    lists = -(-len(found) // PAGE)
    last = lists + len(words) - 1
    at = min(int(visit.person.data.get("page") or 0), last)
    mine = await own(visit, found)
    text, picture, alt = await (_listed(visit, found, at) if at < lists else _message(visit, words, at - lists))
    return Screen(
        title=visit.t("broadcast.review.title"),
        text=f"{visit.t('broadcast.review.own')}\n\n{text}" if mine else text,
        choices=() if mine else tuple(decisions(visit, "series.approve", whole=at == last)),
        nav=(*pages(visit, at, last), listing(visit), home(visit)),
        picture=picture,
        picture_alt=alt,
    )


def _words(found: list[Broadcast]) -> list[Broadcast]:
    """The first occasion of each slogan."""
    known: dict[tuple[int, int], Broadcast] = {}
    for each in found:
        known.setdefault((each.plan.post_id, each.plan.version), each)
    return list(known.values())


async def _found(visit: Visit) -> list[Broadcast]:
    return await slogan_series.of(visit, str(visit.person.data.get("series")), SUBMITTED, APPROVER)


async def _listed(visit: Visit, found: list[Broadcast], page: int) -> tuple[str, bytes, str]:
    """One page of occasions; on the first also to whom all of it goes, and what comes too late."""
    parts = []
    if page == 0:
        late = sum(1 for each in found if _late(visit, each))
        n = number(len(found), visit.lang)
        words = number(len(_words(found)), visit.lang)
        head = (await phase_of(visit, found[0]), *await reached(visit, found[0].plan))
        parts = ["\n".join(head), visit.t("series.review", n=n, words=words)]
        parts += [visit.t("series.late", n=number(late, visit.lang))] if late else []
    lines = [await _line(visit, each) for each in found[page * PAGE : (page + 1) * PAGE]]
    return "\n\n".join((*parts, "\n".join(lines))), b"", ""


async def _line(visit: Visit, known: Broadcast) -> str:
    content = read_content((await broadcast_work.version(visit, known)).body)
    return line(visit, known.plan.start_at or visit.at, content.in_(visit.lang))


async def _message(visit: Visit, words: list[Broadcast], at: int) -> tuple[str, bytes, str]:
    """The message of a slogan in every place where it will be seen."""
    version = await broadcast_work.version(visit, words[at])
    shown = await leaves(visit, words[at].plan, await posting.sheet(visit.conn, version))
    places = [f"{leaf.places}\n{leaf.text}" for leaf in shown]
    head = visit.t("series.slogan", n=number(at + 1, visit.lang), of=number(len(words), visit.lang))
    return ("\n\n".join((head, *places)), *picture_of(shown[0]))


def _late(visit: Visit, known: Broadcast) -> bool:
    return known.plan.start_at is not None and known.plan.start_at <= visit.at


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, approve what was shown, or send it all back with a reason."""
    its = visit.person.data
    name, seal = str(its.get("series")), str(its.get("seal"))
    if said.action.startswith("page:"):
        visit.go(NAME, **turned(visit, said.action))
    elif said.action == "approve":
        await _approve(visit, name, seal)
    elif said.action == "again":
        await open(visit, name)
    elif said.text:
        await _refuse(visit, name, said.text)
    elif said.action in ("refuse", "back"):
        visit.go(NAME, at=VIEW, series=name, seal=seal, **({"ask": True} if said.action == "refuse" else {}))
    else:
        to(visit, "list")


async def _approve(visit: Visit, name: str, seal: str) -> None:
    await series.locked(visit.conn, name)
    found = await _found(visit)
    if await slogan_series.digest(visit, found) != seal:
        visit.notice(visit.t("broadcast.review.changed"))
        await open(visit, name)
        return
    if await own(visit, found):
        visit.notice(visit.t("broadcast.review.own"))
        to(visit, "list")
        return
    act = broadcast_work.act(visit)
    for each in found:
        if _late(visit, each):
            await broadcasts.cancel(visit.conn, each.id, act, slogan_series.PAST)
        else:
            await broadcasts.approve(visit.conn, each.id, await broadcasts.seal(visit.conn, each), act)
    approved = sum(1 for each in found if not _late(visit, each))
    visit.notice(visit.t("series.approved", n=number(approved, visit.lang)))
    to(visit, "list")


async def _refuse(visit: Visit, name: str, text: str) -> None:
    reason = reason_of(visit, text)
    if not reason:
        return
    await series.locked(visit.conn, name)
    for each in await _found(visit):
        await broadcasts.send_back(visit.conn, each.id, broadcast_work.act(visit), reason)
    visit.notice(visit.t("broadcast.refused"))
    to(visit, "list")
