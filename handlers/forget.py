"""/forget: erases everything that is kept of a person, at once, after one confirmation with the safe answer first."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from models import answers, linking, officers, outbox, people
from models.audit import Act


async def open(visit: Visit, _rest: str) -> None:
    """Ask for the confirmation."""
    visit.go("forget")


async def show(visit: Visit) -> Screen:
    """Say what goes and what cannot be found any more."""
    return Screen(
        title=visit.t("forget.title"),
        text=visit.t("forget.text"),
        choices=(
            Choice("keep", visit.t("forget.keep")),
            Choice("erase", visit.t("forget.erase"), style="danger"),
        ),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Erase, or go back."""
    if said.action != "erase":
        visit.go("mydata")
        return
    await _erase(visit)
    visit.notice(visit.t("forget.done"))
    visit.forgotten = True


async def _erase(visit: Visit) -> None:
    for at in await people.addresses(visit.conn, visit.person.id):
        await outbox.drop_queue(visit.conn, at)
    await answers.forget(visit.conn, visit.person.id)
    await linking.forget(visit.conn, visit.person.id)
    if await visit.grants():
        visit.role = "worker"
        await officers.end_grants(visit.conn, visit.person.id, Act(visit.at, str(visit.person.id)))
    await officers.forget(visit.conn, visit.person.id)


TALK = Talk("forget", show, act, open)
