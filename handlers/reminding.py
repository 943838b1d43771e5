"""The one reminder before a questionnaire closes: the same words to all who began it, and asked to be reminded.

No officer writes it or sends it: its words are the house's own, its day is the pack's.
"""

from datetime import datetime, time, timedelta

from conversations.packs import Pack
from conversations.posts import Content
from conversations.questions import Questionnaire
from conversations.text import FIRST
from handlers import phases
from handlers.content import written
from handlers.house import House
from locales.formats import VIETNAM, day, local_day
from models import broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan
from models.database import Connection

KIND, TOPIC = "reminder", "reminders"
HOUR = time(9)


def falls_due(pack: Pack, form: Questionnaire, at: datetime) -> bool:
    """Tell whether it is time to remind of a questionnaire: some days before it closes, from the morning on."""
    first = datetime.combine(form.closes - timedelta(days=pack.remind_days), HOUR, VIETNAM)
    return pack.remind_days > 0 and first <= at < _closed(form)


def _closed(form: Questionnaire) -> datetime:
    return datetime.combine(form.closes + timedelta(days=1), time(), VIETNAM)


async def remind(conn: Connection, house: House, questionnaire: str, at: datetime) -> None:
    """Let the reminder of a questionnaire go out, once, whatever restarts."""
    form = house.pack.questionnaires[questionnaire]
    if await broadcasts.of_series(conn, KIND, form.id):
        return
    act = Act(at, broadcasts.HOUSE)
    post = await posts.add(conn, written(await _content(conn, house, form, at)), act)
    audience = Audience(TOPIC, drafting=form.id)
    plan = Plan(post, 1, audience, kind=KIND, series=form.id, until=_closed(form))
    await broadcasts.appoint(conn, await broadcasts.draft(conn, plan, act), act)


async def _content(conn: Connection, house: House, form: Questionnaire, at: datetime) -> Content:
    phase = await phases.phase_on(conn, house.pack, local_day(at))
    voices = {lang: house.phrases.voice(lang) for lang in house.phrases.languages}
    whole = {
        "title": {lang: say("reminding.title") for lang, say in voices.items()},
        "text": {
            lang: say("reminding.text", title=form.title.in_(lang), day=day(form.closes, lang))
            for lang, say in voices.items()
        },
        "phase": (phase.phase if phase else house.pack.phases[-1]).id,
        "source": {"issuer": house.pack.issuer.in_(FIRST), "date": local_day(at)},
        "asks": form.id,
    }
    return Content.model_validate(whole)
