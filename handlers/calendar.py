"""What dates bring: releases and what is told of them, phases that open and close, the clearing away of what is over.

Each is an inbound of the clock with an id of its own, so that it happens once whatever restarts. Nobody can ask for a
release: no channel of people can name this one.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from conversations.counting import reader
from conversations.packs import Pack
from conversations.questions import Questionnaire
from handlers import phases, reminding, retention, returning
from handlers.content import forms_of, pack_rules
from handlers.deadlines import last_period, noon
from handlers.histograms import histograms
from handlers.house import House
from locales.formats import local_day
from models import broadcasts, consents, seen, series
from models.bounds import Bound
from models.consents import WORDS
from models.database import Connection
from models.messages import Address, Inbound, Outbound
from models.periods import closed_between, closes
from models.release import Counted, ReleaseOrder, release

CHANNEL = "clock"
SENDER = Address(CHANNEL, CHANNEL)


def due(pack: Pack, at: datetime, edited: Mapping[str, Bound] = MappingProxyType({})) -> list[Inbound]:
    """Name everything that dates have brought until now, in order; what was done before is dropped by its id.

    `edited` are the dates of phases that officers changed.
    """
    ids = [f"release:{form.id}:{period}" for form in pack.questionnaires.values() for period in _closed(pack, form, at)]
    ids += [f"results:{id}:{period}" for id, period in _latest(pack, at).items()]
    ids += phases.events(phases.dated(pack, edited), at)
    ids += [f"remind:{form.id}" for form in pack.questionnaires.values() if reminding.falls_due(pack, form, at)]
    return [_inbound(id, at) for id in (*ids, f"clear:{local_day(at).isoformat()}")]


def _inbound(id: str, at: datetime) -> Inbound:
    return Inbound(id=id, sender=SENDER, at=at, text=id)


def _closed(pack: Pack, form: Questionnaire, at: datetime) -> Iterable[str]:
    begun = noon(form.opens)
    last = closes(last_period(pack, form), pack.period_close_day)
    return closed_between(begun, min(at, last), pack.period_close_day)


def _latest(pack: Pack, at: datetime) -> dict[str, str]:
    """The last closed period of each questionnaire that has one."""
    return {form.id: period for form in pack.questionnaires.values() for period in _closed(pack, form, at)}


async def attend(conn: Connection, house: House, inbound: Inbound) -> list[Outbound]:
    """Do what a date brings. Nobody is told: released figures are looked up."""
    kind, *rest = inbound.text.split(":")
    if kind == "release":
        await _release(conn, house, *rest)
    elif kind == "phase":
        await _turn(conn, house, inbound)
    elif kind == "results":
        await returning.draft(conn, house, (rest[0], rest[1]), inbound)
    elif kind == "remind":
        await reminding.remind(conn, house, rest[0], inbound.at)
    elif kind == "clear":
        await retention.clear(conn, house.pack, inbound.at)
    return []


async def at_once(conn: Connection, house: House, ids: Iterable[str], at: datetime) -> None:
    """Do what dates bring in the hour in which an officer let them come; the clock then finds it done."""
    for id in ids:
        await seen.mark(conn, CHANNEL, id, at)
        await attend(conn, house, _inbound(id, at))


async def _turn(conn: Connection, house: House, inbound: Inbound) -> None:
    """Close a phase, unless its dates were changed since the clock looked. That one opens is seen by its dates."""
    stretches = await phases.phases(conn, house.pack)
    _, phase, what, _ = inbound.text.split(":")
    if what != phases.CLOSES or inbound.text not in phases.events(stretches, inbound.at):
        return
    await broadcasts.phase_closed(conn, phase, inbound.at)
    end = next(each.end for each in stretches if each.phase.id == phase)
    await series.end_with_phase(conn, phase, end or inbound.at, inbound.at)


async def _release(conn: Connection, house: House, questionnaire: str, period: str) -> None:
    form = house.pack.questionnaires[questionnaire]
    forms = await forms_of(conn, house, questionnaire)
    allowed = await consents.uses(conn)
    order = ReleaseOrder(
        questionnaire=questionnaire,
        period=period,
        close_day=house.pack.period_close_day,
        rules=pack_rules(house.pack)[questionnaire],
        final=period == last_period(house.pack, form),
        count=count(forms, allowed),
        histograms=histograms(forms.values()),
        below=house.below,
    )
    await release(conn, house.keys, order)


def count(forms: Mapping[str, Questionnaire], allowed: Mapping[str, frozenset[str]]) -> Callable[[bytes], Counted]:
    """Give what reads one record as the figures see it, in the version of the questionnaire that it was answered in.

    What was written is used only where the consent that it was given under (see `models.consents`) speaks of that.
    """
    read = reader(forms)

    def counted(record: bytes) -> Counted:
        found = read(record)
        return Counted(found.keys, found.words if WORDS in allowed.get(found.consent, ()) else {})

    return counted
