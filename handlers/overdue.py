"""What should have gone by itself before a moment: the limits of `handlers.retention`, for the audit."""

from datetime import datetime

from conversations.packs import Pack
from handlers import retention
from handlers.deadlines import last_period
from locales.formats import local_day
from models import participation
from models.database import Connection
from models.examine_people import Limits
from models.periods import months_before, period_of


async def limits(conn: Connection, pack: Pack, at: datetime) -> Limits:
    """The limits as of a moment at which the house should have tidied up."""
    current = period_of(at, pack.period_close_day)
    return Limits(
        at=at,
        seen=at - retention.REDELIVERED,
        unread=at - retention.UNREAD,
        invitations=at - retention.INVITATIONS,
        links=at - retention.LINKS,
        audit=at - retention.AUDIT,
        consent=at - retention.TWO_YEARS,
        guests=_day(at - retention.GUESTS),
        left=_day(at - retention.LEFT),
        drafts=months_before(current, retention.DRAFTS),
        last_period=months_before(current, retention.CONSENT),
        over=await _over(conn, pack, months_before(current, retention.TOOK_PART)),
    )


async def _over(conn: Connection, pack: Pack, before: str) -> tuple[str, ...]:
    """Questionnaires that closed so long ago that nobody should know any more who took part."""
    found = []
    for questionnaire, last in (await participation.questionnaires(conn)).items():
        form = pack.questionnaires.get(questionnaire)
        if (last_period(pack, form) if form else last) < before:
            found.append(questionnaire)
    return tuple(found)


def _day(at: datetime) -> str:
    return local_day(at).isoformat()
