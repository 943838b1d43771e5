"""/link: one person, one voice. A one-time code from one channel, typed on another, joins the two.

The record of the channel where the code is typed gives way, after the person was told so. Of a questionnaire answered
on both, the answer that came further is kept; what was published of either stays answered, so nobody answers twice.
"""

from conversations.screens import Choice, Said, Screen
from handlers.commands import OFFICER, Talk
from handlers.visit import Visit
from handlers.words import channels, home
from models import linking, merging, officers, people


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
            text=visit.t("link.confirm"),
            choices=(Choice("keep", visit.t("link.keep")), Choice("join", visit.t("link.join"), style="primary")),
            strict=True,
        )
    code = await linking.make_code(visit.conn, visit.person.id, visit.at)
    addresses = await people.addresses(visit.conn, visit.person.id)
    return Screen(
        title=visit.t("link.title"),
        text=visit.t("link.text", code=code, channels=channels(addresses)),
        nav=(home(visit),),
        typed=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Take a typed code, or join what was confirmed."""
    if said.text:
        await _try(visit, said.text)
    elif said.action == "join":
        await _join(visit, int(str(visit.person.data["other"])))
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
    mine = visit.person.id
    await merging.give_way(visit.conn, visit.house.keys, visit.period, mine, other)
    await officers.give_way(visit.conn, mine, other)
    for at in await people.addresses(visit.conn, mine):
        await people.move_address(visit.conn, at, other)
    visit.merge(kept)
    visit.role = OFFICER if await visit.grants() else ""
    visit.notice(visit.t("link.done"))
    visit.go("start")


TALK = Talk("link", show, act, open)
