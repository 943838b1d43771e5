"""/link: one person, one voice. A one-time code from one channel, typed on another, joins the two.

The record of the channel where the code is typed gives way, after the person was told so. Of a questionnaire answered
on both, the answer that came further is kept; what was published of either stays answered, so nobody answers twice.
Here an address is taken off again, too: whoever writes from it is a stranger from then on.
"""

from hashlib import sha256

from conversations.screens import Choice, Said, Screen
from handlers import passing
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import CHANNELS, channels, home
from models import departures, linking, merging, officers, outbox, people
from models.messages import Address, Outbound


async def open(visit: Visit, rest: str) -> None:
    """Show a new code, or take the one that was typed behind the command."""
    if rest:
        await _try(visit, rest)
    else:
        visit.go("link")


async def show(visit: Visit) -> Screen:
    """A code, and room for the code of another channel; or the question whether to join.

    The code is new each time, since only its hash is kept.
    """
    data = visit.person.data
    if data.get("other"):
        return Screen(
            title=visit.t("link.title"),
            text=visit.t("passage.confirm" if "to" in data else "link.confirm"),
            choices=(Choice("keep", visit.t("link.keep")), Choice("join", visit.t("link.join"), style="primary")),
            strict=True,
        )
    addresses = await people.addresses(visit.conn, visit.person.id)
    others = [at for at in addresses if at != visit.inbound.sender]
    used = visit.t("link.used", channels=channels(addresses))
    parts = (await _offer(visit), used, visit.t("link.off.text") if others else "")
    return Screen(
        title=visit.t("link.title"),
        text="\n\n".join(part for part in parts if part),
        choices=tuple(Choice(f"off:{_mark(at)}", visit.t("link.off", channel=_named(at))) for at in others),
        nav=(home(visit),),
        typed=True,
    )


async def _offer(visit: Visit) -> str:
    """A code to type elsewhere, where nobody else can read it and be faster."""
    if passing.listened(visit):
        return visit.t("link.listened")
    return visit.t("link.text", code=await linking.make_code(visit.conn, visit.person.id, visit.at))


def _mark(at: Address) -> str:
    return sha256(f"{at.channel}:{at.user}".encode()).hexdigest()[:16]


def _named(at: Address) -> str:
    """The channel, and the end of what it calls the person there, to tell two browsers apart."""
    return f"{CHANNELS.get(at.channel, at.channel)} (…{at.user[-4:]})"


async def act(visit: Visit, said: Said) -> None:
    """Take a typed code, join what was confirmed, or take an address off."""
    if said.text:
        await _try(visit, said.text)
    elif said.action == "join":
        await _join(visit, int(str(visit.person.data["other"])))
    elif said.action.startswith("off:"):
        await _take_off(visit, said.action.removeprefix("off:"))
    else:
        visit.go("start")


async def _try(visit: Visit, code: str) -> None:
    other = await linking.use_code(visit.conn, code, visit.at)
    if other is None or other == visit.person.id:
        visit.notice(visit.t("link.unknown"))
        visit.go("link")
    else:
        visit.go("link", other=str(other))


async def _join(visit: Visit, other: int) -> None:
    kept = await people.by_id(visit.conn, other)
    if kept is None:
        visit.notice(visit.t("link.unknown"))
        visit.go("start")
        return
    mine, to = visit.person.id, visit.person.data.get("to")
    told = await passing.tidings(visit, kept) if to is not None else []
    await merging.give_way(visit.conn, visit.house.keys, visit.period, mine, other)
    await officers.give_way(visit.conn, mine, other)
    for at in await people.addresses(visit.conn, mine):
        await people.move_address(visit.conn, at, other)
    visit.merge(kept)
    await visit.new_roles()
    visit.notice(visit.t("link.done"))
    visit.asides += told
    visit.go("start") if to is None else passing.go_on(visit, str(to))


async def _take_off(visit: Visit, mark: str) -> None:
    """Let an address be a stranger's: nothing that waits is sent there but the word that it was taken off."""
    left = await departures.left(visit.conn, visit.person.id)
    for at in await people.addresses(visit.conn, visit.person.id):
        if _mark(at) != mark or at == visit.inbound.sender:
            continue
        await outbox.drop_queue(visit.conn, at)
        await departures.drop(visit.conn, at)
        role = "worker" if await visit.grants() else ""
        if at not in left:
            visit.asides.append(Outbound(at, visit.t("link.off.told"), forget=True, role=role))
        visit.notice(visit.t("link.off.done", channel=_named(at)))
    visit.go("link")


TALK = Talk("link", show, act, open)
