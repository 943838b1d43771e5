"""Where every message is answered: a command opens its talk, anything else goes to the talk that is open.

Never raises for what a person says. Raises only for bugs, which the road parks and apologises for.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from conversations.outgoing import Envelope, compose
from conversations.screens import Choice, Said, Screen, Unclear
from conversations.typed import understand
from handlers import arrival, broadcast, broadcast_file, clearing, consent, erasing, posted, settings
from handlers.commands import Registry, Talk
from handlers.visit import Visit
from models import departures, outbox, people, watches
from models.messages import Outbound

HOME, CONSENT, UNIT, STOP = "start", "consent", "unit", "stop"
GO = "go:"  # the action that opens a command from any screen, as if it had been typed
# Words that are obeyed even where an answer in words is asked for; the other commands need their "/" there.
URGENT = frozenset({"start", "help", "stop"})
ANSWERING = frozenset({"questionnaire", "broadcast"})
HERE = "here"  # in a person's data: the addresses at which the current screen was shown


async def answer(visit: Visit, registry: Registry) -> list[Outbound]:
    """Answer one inbound; what is to be kept of the person is in `visit.person` afterwards."""
    visit.menu = registry.menu
    before = visit.person.data.get(HERE, ())
    if visit.inbound.left:
        return await _leave(visit)
    if visit.inbound.refresh:
        return await _refresh(visit)
    if visit.inbound.start:
        await arrival.arrive(visit, visit.inbound.start)
    elif posted.under(visit.inbound.tap):
        await posted.obey(visit)
    elif visit.inbound.media:
        if not await broadcast_file.receive(visit):
            visit.notice(visit.t("desk.only-text"))
    elif visit.inbound.text.startswith("/"):
        await _command(visit, registry.named(visit.inbound.text))
    else:
        await _choose(visit, registry)
    if visit.forgotten:
        return [*visit.asides, _message(visit, _goodbye(visit))]
    return await _show(visit, registry, before)


def _goodbye(visit: Visit) -> Screen:
    again = Choice("start", visit.t("desk.begin"))
    return Screen("\n\n".join(visit.notices), nav=(again,), forget=True)


async def _refresh(visit: Visit) -> list[Outbound]:
    """Show a screen that moves by itself anew, in place, while it is still the one that the person looks at."""
    if not visit.agreed or not _stands(visit):
        await watches.drop(visit.conn, visit.inbound.sender)
        return []
    # What was sent before may not have arrived yet: nothing is piled up behind it.
    screen = None if await outbox.waits(visit.conn, visit.inbound.sender) else await broadcast.anew(visit)
    if screen is None:
        return []
    envelope = Envelope(visit.inbound.sender, visit.person.revision, visit.inbound.refresh, _banner(visit))
    return [replace(compose(screen, envelope), in_place=True)]


def _banner(visit: Visit) -> str:
    return visit.t("desk.rehearsal") if visit.house.rehearsal else ""


async def _leave(visit: Visit) -> list[Outbound]:
    # Blocking us ends what waits to be sent. The record stays for the person to find, change or erase later.
    await outbox.drop_queue(visit.conn, visit.inbound.sender)
    if visit.guest:
        visit.forgotten = True
    else:
        await departures.leave(visit.conn, visit.inbound.sender, visit.today.isoformat())
        visit.go(HOME)
    return []


async def _command(visit: Visit, found: tuple[Talk, str] | None) -> None:
    if found is None:
        visit.notice(visit.t("desk.unknown-command"))
        return
    talk, rest = found
    if talk.roles and all(grant.role not in talk.roles for grant in await visit.grants()):
        visit.notice(visit.t(talk.refusal))
    elif not visit.may_open(guests=talk.guests, rights=talk.rights):
        visit.notice(visit.t("desk.consent-first"))
        visit.go(CONSENT)
    elif talk.open:
        await talk.open(visit, rest)


async def _choose(visit: Visit, registry: Registry) -> None:
    talk = _talk(visit, registry)
    if talk.name == CONSENT and not consent.was_read(visit):
        # A word or a tap, even "yes", answers nothing before the text that it would be a yes to was shown.
        await _first(visit, registry)
        return
    screen = await talk.show(visit)
    said = _tapped(visit, screen) if visit.inbound.tap else understand(screen, visit.inbound.text)
    if said is None:
        return  # an old tap: the current screen is shown again and nothing is applied
    command = registry.named(visit.inbound.text)
    if not visit.inbound.tap and not _stands(visit):
        # What is seen in this chat is old: a number typed under it is no answer to what was asked elsewhere since.
        await _command(visit, command) if command else visit.notice(visit.t("desk.moved"))
        return
    answering = screen.typed and talk.name in ANSWERING
    if command and not (isinstance(said, Said) and said.action) and (not answering or command[0].name in URGENT):
        await _command(visit, command)
    elif isinstance(said, Unclear):
        visit.notice(_hint(visit, screen, said))
    elif said.action.startswith(GO):
        await _command(visit, registry.named(f"/{said.action.removeprefix(GO)}"))
    else:
        if command and command[0].name == said.action == STOP:
            # What a post says to type also puts a questionnaire off: where one is open it does both.
            await settings.end_all(visit)
        # As it was typed: an old encoding can only be recognised before the text is cleaned.
        await talk.act(visit, Said(text=visit.inbound.text) if said.text else said)


async def _first(visit: Visit, registry: Registry) -> None:
    visit.step = True
    action = visit.inbound.tap.partition(".")[2]
    found = registry.named(f"/{action.removeprefix(GO)}" if action.startswith(GO) else visit.inbound.text)
    if found and visit.may_open(guests=found[0].guests, rights=found[0].rights):
        await _command(visit, found)


def _talk(visit: Visit, registry: Registry) -> Talk:
    """The talk that is open to this person (see `Visit.may_open`); home is the choice of a unit to who has none."""
    talk = registry.talks.get(visit.person.talk, registry.talks[HOME])
    if not visit.agreed:
        ours = visit.may_open(guests=talk.guests, rights=talk.rights)
        return talk if ours and talk.name != HOME else registry.talks[CONSENT]
    return registry.talks[UNIT] if talk.name == HOME and visit.person.unit_id is None else talk


def _tapped(visit: Visit, screen: Screen) -> Said | None:
    revision, _, action = visit.inbound.tap.partition(".")
    if revision != str(visit.person.revision) or not screen.offers(action):
        return None
    return Said(action=action)


def _hint(visit: Visit, screen: Screen, unclear: Unclear) -> str:
    if screen.unclear:
        return screen.unclear
    if unclear.near:
        return visit.t("desk.near", labels=_labels(unclear.near))
    if screen.choices:
        return visit.t("desk.choose")
    return visit.t("desk.unclear")


def _labels(choices: tuple[Choice, ...]) -> str:
    return " · ".join(f"«{choice.label}»" for choice in choices)


def _here(visit: Visit) -> str:
    """Which of their addresses a person writes from."""
    sender = visit.inbound.sender
    return sha256(f"{sender.channel}:{sender.user}".encode()).hexdigest()[:8]


def _stands(visit: Visit) -> bool:
    """Tell whether the current screen is what was last shown at this address."""
    return HERE not in visit.person.data or _here(visit) in visit.person.data[HERE]


async def _show(visit: Visit, registry: Registry, before: Iterable[str]) -> list[Outbound]:
    await settings.ask_once(visit)
    screen = await _talk(visit, registry).show(visit)
    others = set() if visit.step else set(before)
    visit.change(data={**visit.person.data, HERE: sorted({*others, _here(visit)})})
    await clearing.keep(visit, screen)
    if visit.step:
        visit.change(revision=visit.person.revision + 1)
    return [*visit.asides, _message(visit, screen)]


def _message(visit: Visit, screen: Screen) -> Outbound:
    edits = visit.inbound.screen if visit.inbound.tap and not visit.fresh else ""
    envelope = Envelope(visit.inbound.sender, visit.person.revision, edits, _banner(visit))
    shown = replace(screen, forget=screen.forget or clearing.empties(visit))
    return replace(compose(shown, envelope, () if visit.forgotten else visit.notices), role=visit.role)


async def keep(visit: Visit, before: people.Person | None) -> None:
    """Write what the answer changed about the person; erase a person who is to be forgotten or gave way to another."""
    if visit.forgotten:
        if before is not None:
            await erasing.erase(visit.conn, before.id, visit.at)
        return
    if visit.merged and before is not None:
        await people.forget(visit.conn, before.id)
    known = visit.merged or before
    if known is None:
        await people.store(visit.conn, visit.person, visit.inbound.sender)
    else:
        await people.save(visit.conn, known, visit.person)
