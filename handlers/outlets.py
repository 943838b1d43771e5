"""When our bot is let into a public place, or taken out of it: who may do so, and what they are told in private.

Only somebody with a role over the whole federation registers a place. Nothing is ever said in the place itself, and
nothing at all to somebody we do not know.
"""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from handlers import posting
from handlers.house import House
from handlers.posting import Setting, Sheet
from locales.formats import local_day
from models import audit, officers, outlets, people, postings, seen
from models.audit import Act
from models.database import Connection
from models.messages import Address, Button, Inbound, Outbound, Place
from models.outlets import Outlet
from models.people import Person

MAY = frozenset({"editor", "approver", "officer"})
TOLD = "outlet-told"  # among the ids that were handled: who was told once that they cannot register a place


async def attend(conn: Connection, house: House, inbound: Inbound, sender: Person | None) -> list[Outbound]:
    """Take note of a place that came with an inbound; `sender` is None for somebody we do not know."""
    place = inbound.place
    if place is None:
        return []
    key = outlets.key_of(inbound.sender.channel, place.id)
    if place.moved_to:
        await outlets.move(conn, key, outlets.key_of(inbound.sender.channel, place.moved_to))
        return []
    known = await outlets.find(conn, key)
    root = await _root(conn, house, sender, inbound.at) if sender else None
    if sender and root:
        return await _let(conn, house, inbound, (sender, root))
    if known and known.may_post and not place.may_post:
        return await _closed(conn, house, known, Act(inbound.at, "somebody else"))
    if known and known.may_post:
        await outlets.rename(conn, key, place.title)
    elif sender and place.may_post and await _first(conn, inbound, key):
        return [_told(house, inbound.sender, sender.language, "outlets.not-yours", place.title)]
    return []


async def _root(conn: Connection, house: House, person: Person, at: datetime) -> str | None:
    """The unit at the top over which somebody has a role that may register places."""
    tops = {unit.id for unit in (await house.tree(conn, local_day(at))).roots}
    held = await officers.grants(conn, person.id)
    return next((grant.unit_id for grant in held if grant.role in MAY and grant.unit_id in tops), None)


async def _let(conn: Connection, house: House, inbound: Inbound, by: tuple[Person, str]) -> list[Outbound]:
    """What somebody who may do so did: they let us post, or they did not."""
    person, root = by
    place = inbound.place or Place("", "", "", False)
    key, act = outlets.key_of(inbound.sender.channel, place.id), Act(inbound.at, str(person.id))
    known = await outlets.find(conn, key)
    if place.may_post:
        kept = Outlet(key, inbound.sender.channel, place.title, True, inbound.at, person.id)
        await outlets.keep(conn, kept)
        await audit.note(conn, act, "register outlet", root, key)
        said = REGISTERED[place.kind]
    elif known:
        return await _closed(conn, house, known, act) if known.may_post else []
    else:
        said = "outlets.no-right"
    return [_told(house, inbound.sender, person.language, said, place.title)]


async def _closed(conn: Connection, house: House, known: Outlet, act: Act) -> list[Outbound]:
    await outlets.let(conn, known.key, False)
    await audit.note(conn, act, "close outlet", None, known.key)
    return await lost(conn, house, known)


async def lost(conn: Connection, house: House, known: Outlet) -> list[Outbound]:
    """Tell the person who let us into a place that we may no longer post there; nobody, if they are gone."""
    person = await people.by_id(conn, known.added_by) if known.added_by is not None else None
    if person is None:
        return []
    there = next((at for at in await people.addresses(conn, person.id) if at.channel == known.kind), None)
    return [_told(house, there, person.language, "outlets.lost", known.title)] if there else []


async def _first(conn: Connection, inbound: Inbound, key: str) -> bool:
    """Whether somebody is told this for the first time, as far as ids are remembered (a week)."""
    mark = sha256(f"{inbound.sender.user} {key}".encode()).hexdigest()[:32]
    return await seen.mark(conn, TOLD, mark, inbound.at)


def _told(house: House, to: Address, lang: str, key: str, title: str) -> Outbound:
    banner = house.phrases.say(lang, "desk.rehearsal") if house.rehearsal else ""
    return Outbound(to, house.phrases.say(lang, key, title=outlets.titled(title)), banner=banner)


def laid_out(house: House, sheet: Sheet, kind: str, on: date) -> Outbound:
    """A post as it goes to a kind of place on a day: in the house's first language, as the place's readers share one.

    Where a place takes no file, the file's address stands among the words.
    """
    outbound = posting.public(house, sheet, Setting(house.phrases.languages[0], on, channel=kind))
    file = outbound.document
    if file is None or kind == outlets.TELEGRAM:
        return outbound
    link = Button(file.name, "", url=f"{house.public_url}/media/{sha256(file.data).hexdigest()}")
    return replace(outbound, document=None, buttons=(*outbound.buttons, (link,)))


def why(house: House, lang: str, reason: str) -> str:
    """The cause for which a post failed or is in doubt, in words; a platform's own code or wording stands as it is."""
    cause = next((each for each in postings.CAUSES if reason == each or reason.startswith(f"{each} ")), "")
    if not cause:
        return reason
    told, code = house.phrases.say(lang, WHY[cause]), reason.removeprefix(cause).strip()
    return f"{told} ({code})" if code else told


def invitation(house: House) -> str:
    """The address by which an officer adds the bot to a channel with the right to post; "" without a Telegram bot.

    Source of the form: Telegram's deep links (`startchannel`, `admin`). It only asks; what was granted is told later.
    """
    name = house.telegram_name
    return f"https://t.me/{name}?startchannel&admin=post_messages+edit_messages" if name else ""


def name_of(house: House, lang: str, known: Outlet) -> str:
    """What an outlet is called: a place by its own name, ours by the catalogue's."""
    own = known.kind in OWN and (known.title in ("", known.kind))
    return house.phrases.say(lang, OWN[known.kind]) if own else known.title


REGISTERED = {"channel": "outlets.registered.channel", "group": "outlets.registered.group"}
WHY = {cause: f"outlets.why.{cause.replace(' ', '-')}" for cause in postings.CAUSES}
OWN = {kind: f"outlets.kind.{kind}" for kind in (outlets.ZALO, outlets.FACEBOOK, outlets.FEED)}
PHRASE_KEYS = (
    *(*REGISTERED.values(), *OWN.values(), *WHY.values()),
    *("outlets.no-right", "outlets.not-yours", "outlets.lost"),
)
