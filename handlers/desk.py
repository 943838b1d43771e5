"""Where every message is answered: a command opens its talk, anything else goes to the talk that is open.

Never raises for what a person says. Raises only for bugs, which the road parks and apologises for.
"""

from conversations.outgoing import Envelope, compose
from conversations.screens import Choice, Said, Screen, Unclear
from conversations.typed import understand
from handlers import arrival
from handlers.commands import Registry, Talk
from handlers.visit import Visit
from models import outbox, people
from models.messages import Outbound

HOME = "start"


async def answer(visit: Visit, registry: Registry) -> list[Outbound]:
    """Answer one inbound; what is to be kept of the person is in `visit.person` afterwards."""
    visit.menu = registry.menu
    if visit.inbound.left:
        return await _leave(visit)
    if visit.inbound.start:
        await arrival.arrive(visit, visit.inbound.start)
    elif visit.inbound.media:
        visit.notice(visit.t("desk.only-text"))
    elif not await _command(visit, registry):
        await _choose(visit, registry)
    if visit.forgotten:
        return [_message(visit, Screen("\n\n".join(visit.notices), forget=True))]
    return await _show(visit, registry)


async def _leave(visit: Visit) -> list[Outbound]:
    # Blocking us ends what waits to be sent. The record stays for the person to find, change or erase later.
    await outbox.drop_queue(visit.conn, visit.inbound.sender)
    if visit.person.consent_version is None:
        visit.forgotten = True
    else:
        visit.go(HOME)
    return []


async def _command(visit: Visit, registry: Registry) -> bool:
    text = visit.inbound.text.strip()
    found = registry.named(text)
    if found is None:
        if text.startswith("/"):
            visit.notice(visit.t("desk.unknown-command"))
        return text.startswith("/")
    talk, rest = found
    if not await _may(visit, talk):
        visit.notice(visit.t("desk.not-for-you"))
    elif visit.person.consent_version is not None or talk.guests:
        assert talk.open is not None
        await talk.open(visit, rest)
    return True


async def _may(visit: Visit, talk: Talk) -> bool:
    return talk.role is None or any(grant.role == talk.role for grant in await visit.grants())


async def _choose(visit: Visit, registry: Registry) -> None:
    talk = registry.talks.get(visit.person.talk, registry.talks[HOME])
    screen = await talk.show(visit)
    said = _tapped(visit, screen) if visit.inbound.tap else understand(screen, visit.inbound.text)
    if said is None:
        return  # an old tap: the current screen is shown again and nothing is applied
    if isinstance(said, Unclear):
        visit.notice(_hint(visit, screen, said))
    else:
        await talk.act(visit, said)


def _tapped(visit: Visit, screen: Screen) -> Said | None:
    revision, _, action = visit.inbound.tap.partition(".")
    if revision != str(visit.person.revision) or not screen.offers(action):
        return None
    return Said(action=action)


def _hint(visit: Visit, screen: Screen, unclear: Unclear) -> str:
    if unclear.near:
        return visit.t("desk.near", labels=_labels(unclear.near))
    if screen.choices:
        return visit.t("desk.choose")
    return visit.t("desk.unclear")


def _labels(choices: tuple[Choice, ...]) -> str:
    return " · ".join(f"«{choice.label}»" for choice in choices)


async def _show(visit: Visit, registry: Registry) -> list[Outbound]:
    talk = registry.talks.get(visit.person.talk, registry.talks[HOME])
    screen = await talk.show(visit)
    if visit.step:
        visit.change(revision=visit.person.revision + 1)
    return [_message(visit, screen)]


def _message(visit: Visit, screen: Screen) -> Outbound:
    edits = visit.inbound.screen if visit.inbound.tap and not visit.fresh else ""
    banner = visit.t("desk.rehearsal") if visit.house.rehearsal else ""
    envelope = Envelope(visit.inbound.sender, visit.person.revision, edits, banner)
    return compose(screen, envelope, () if visit.forgotten else visit.notices)


async def keep(visit: Visit, before: people.Person | None) -> None:
    """Write what the answer changed about the person; erase a person who is to be forgotten or gave way to another."""
    if (visit.forgotten or visit.merged) and before is not None:
        await people.forget(visit.conn, before.id)
    if visit.forgotten:
        return
    known = visit.merged or before
    if known is None:
        await people.store(visit.conn, visit.person, visit.inbound.sender)
    else:
        await people.save(visit.conn, known, visit.person)
