"""What is kept of a person beside their answers, line by line, as /mydata tells it."""

from datetime import date

from handlers import settings
from handlers.language import NAMES as LANGUAGES
from handlers.retention import SKETCHES
from handlers.visit import Visit
from handlers.words import accounts
from locales.formats import day, local_day
from models import consents, departures, officers, outlets, people, received, sketches, subscriptions
from models.subscriptions import ASKED, TOPICS


async def about(visit: Visit) -> str:
    """One line a thing."""
    person = visit.person
    addresses = await people.addresses(visit.conn, person.id)
    left = await departures.left(visit.conn, person.id)
    lines = [
        visit.t("mydata.language", language=LANGUAGES.get(visit.lang, visit.lang)),
        visit.t("mydata.unit", unit=await visit.unit_name(person.unit_id)),
        visit.t("mydata.channels", channels=accounts(addresses)),
        *(visit.t("mydata.left", on=_day(visit, on), channel=accounts([at])) for at, on in left.items()),
        visit.t("mydata.screen", screen=visit.t("mydata.button")),
        visit.t("mydata.met", on=_day(visit, person.met_on)),
        visit.t("mydata.period", period=_month(person.joined_period or "–")),
        *([visit.t("mydata.last", period=_month(person.last_period))] if person.last_period else []),
        *await _consent(visit),
        *await _topics(visit),
        *await _had(visit),
    ]
    for grant in await visit.grants():
        lines.append(visit.t("mydata.role", role=visit.t(ROLES[grant.role]), unit=await visit.unit_name(grant.unit_id)))
    if n := await sketches.count(visit.conn, person.id):
        lines.append(visit.t("mydata.sketches", n=n, days=SKETCHES.days))
    if added := await outlets.added_by(visit.conn, person.id):
        lines.append(visit.t("mydata.outlets", places=", ".join(added)))
    return "\n".join(lines)


async def _consent(visit: Visit) -> list[str]:
    version, at = visit.person.consent_version, visit.person.consented_at
    if version is None or at is None:
        return []
    on = day(local_day(at), visit.lang)
    since = await consents.first_on(visit.conn, version)
    told = visit.t("mydata.consent", on=on, since=_day(visit, since)) if since else ""
    lines = [told or visit.t("mydata.consent.before", on=on)]
    return lines if visit.agreed else [*lines, visit.t("mydata.consent.changed")]


async def _topics(visit: Visit) -> list[str]:
    kept = await subscriptions.since(visit.conn, visit.person.id)
    days = {topic: day(local_day(at), visit.lang) for topic, at in kept.items()}
    wanted = [
        visit.t("mydata.topic", topic=settings.named(visit, {topic}), on=days[topic])
        for topic in TOPICS
        if topic in days
    ]
    lines = [visit.t("mydata.topics", topics="; ".join(wanted) or visit.t("mydata.topics.none"))]
    return [*lines, visit.t("mydata.asked", on=days[ASKED])] if ASKED in days else lines


async def _had(visit: Visit) -> list[str]:
    sent = await received.of(visit.conn, visit.person.id)
    return [visit.t("mydata.received", n=len(sent))] if sent else []


def _day(visit: Visit, iso: str) -> str:
    return day(date.fromisoformat(iso), visit.lang)


def _month(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{month}/{year}" if month else period


ROLES = {role: f"mydata.role.{role}" for role in officers.ROLES}
PHRASE_KEYS = tuple(ROLES.values())
