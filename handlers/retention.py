"""What goes by itself, and when: nothing is kept longer than it is needed for. Run once a day by the calendar."""

from datetime import datetime, timedelta

from conversations.packs import Pack
from handlers import erasing
from handlers.deadlines import last_period
from locales.formats import local_day
from models import (
    answers,
    audit,
    dead_letters,
    departures,
    idling,
    joining,
    linking,
    officers,
    outbox,
    participation,
    passage,
    people,
    received,
    seen,
    sketches,
    watches,
)
from models.database import Connection
from models.periods import months_after, months_before, period_of

REDELIVERED = timedelta(days=7)  # no platform brings anything again after that
UNREAD = timedelta(days=30)  # a web page nobody came back to
GUESTS = timedelta(days=2)
LEFT = timedelta(days=30)
CAPPED = timedelta(days=8)  # a week of what a person was sent, and a day more
INVITATIONS = timedelta(days=90)
LINKS = timedelta(days=365)
AUDIT = timedelta(days=5 * 365)
DRAFTS = 2  # whole periods in which nobody touched one
TOOK_PART = 12  # months after the questionnaire closed
CONSENT = 24  # months after it was given, and after the last questionnaire that the person took part in closed
SKETCHES = timedelta(days=365)
WATCHED = timedelta(minutes=30)
TWO_YEARS = timedelta(days=731)


async def clear(conn: Connection, pack: Pack, at: datetime) -> None:
    """Erase everything whose time is over at a moment."""
    await seen.purge(conn, at - REDELIVERED)
    await outbox.forget_old(conn, "web", at - UNREAD)
    await dead_letters.purge(conn, local_day(at))
    await linking.purge(conn, at)
    await passage.purge(conn, at)
    await officers.purge(conn, at - INVITATIONS)
    await joining.purge(conn, at - LINKS)
    await audit.purge(conn, at - AUDIT)
    await sketches.purge(conn, _day(at - SKETCHES))
    await watches.purge(conn, at - WATCHED)
    await received.purge(conn, _day(at - CAPPED))
    await _answers(conn, pack, period_of(at, pack.period_close_day))
    await _people(conn, at, period_of(at, pack.period_close_day))
    await sketches.purge_files(conn)  # last, since it waits for whoever is keeping one


async def _answers(conn: Connection, pack: Pack, current: str) -> None:
    await answers.drop_stale(conn, months_before(current, DRAFTS))
    for questionnaire, last in (await participation.questionnaires(conn)).items():
        form = pack.questionnaires.get(questionnaire)
        closed = last_period(pack, form) if form else last
        if closed < months_before(current, TOOK_PART):
            await answers.erase_rest(conn, questionnaire)
            await participation.expire(conn, questionnaire, closed)


async def _people(conn: Connection, at: datetime, current: str) -> None:
    await people.forget_guests(conn, _day(at - GUESTS))
    for person_id in await departures.due(conn, _day(at - LEFT)):
        await _drop_left(conn, person_id, at)
    await idling.forget(conn, at - TWO_YEARS, months_before(current, CONSENT))


async def _drop_left(conn: Connection, person_id: int, at: datetime) -> None:
    await people.by_id(conn, person_id)  # held still: whoever is writing to us just now has come back
    for address, day in (await departures.left(conn, person_id)).items():
        if day < _day(at - LEFT):
            await outbox.drop_queue(conn, address)
            await departures.drop(conn, address)
    if not await people.addresses(conn, person_id):
        await erasing.erase(conn, person_id, at)


def draft_goes(touched: str, last: str) -> str:
    """The period after whose close a draft is gone: it stood untouched (if that was noted), or its form is over."""
    return min(months_after(touched, DRAFTS), last) if touched else last


def participation_goes(last: str) -> str:
    """The period after whose close nobody knows any more who took part."""
    return months_after(last, TOOK_PART)


def _day(at: datetime) -> str:
    return local_day(at).isoformat()
