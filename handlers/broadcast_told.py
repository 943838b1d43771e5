"""A plan in words: whom it is for, how many that is, how long it takes, where else it is posted, and when."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers import outlets as places
from handlers import reach
from handlers.reach import ACCOUNT
from handlers.visit import Visit
from handlers.words import CHANNELS
from locales.formats import listed, moment, number
from models import outlets
from models.audiences import Audience, Reach, Size
from models.broadcasts import Plan

MINUTE = timedelta(minutes=1)


async def size(visit: Visit, plan: Plan, before: datetime | None = None) -> Size | None:
    """How many people a plan reaches today; None where it is for public places alone."""
    if plan.audience is None:
        return None
    return await reach.size(visit.conn, visit.house, Reach(plan.audience, visit.house.mailing, before), visit.at)


async def lines(visit: Visit, plan: Plan, before: datetime | None = None) -> list[str]:
    """Everything that is decided about a sending, with what it comes to."""
    told = await size(visit, plan, before)
    audience = [await whom(visit, plan.audience)] if plan.audience else [visit.t("broadcast.nobody-directly")]
    counted = [sized(visit, told, plan), *_duration(visit, plan, told)] if told else []
    frozen = [visit.t("broadcast.frozen" if plan.frozen else "broadcast.open")] if told else []
    return [*audience, *counted, *await public(visit, plan.outlets), when(visit, plan), *_until(visit, plan), *frozen]


async def whom(visit: Visit, audience: Audience) -> str:
    """Whom it is for, in one sentence."""
    topic = visit.t(TOPICS[audience.topic])
    if audience.took_part:
        form = visit.house.pack.questionnaires.get(audience.took_part)
        title = form.title.in_(visit.lang) if form else audience.took_part
        return visit.t("broadcast.to.took-part", topic=topic, title=title)
    unit = await visit.unit_name(audience.unit) if audience.unit else visit.house.pack.issuer.in_(visit.lang)
    parts = [visit.t("broadcast.to.below" if audience.below else "broadcast.to.alone", topic=topic, unit=unit)]
    if audience.kinds:
        parts.append(visit.t("broadcast.to.kinds", kinds=kinds(visit, audience.kinds)))
    if audience.language:
        parts.append(visit.t("broadcast.to.language", language=visit.t(LANGUAGES[audience.language])))
    return "\n".join(parts)


def kinds(visit: Visit, named: Iterable[str]) -> str:
    """Kinds of unit, as a list."""
    return listed([kind_name(visit, kind) for kind in named], visit.lang)


def kind_name(visit: Visit, kind: str) -> str:
    """What a kind of unit is called; one that we do not know, by its own name."""
    return visit.t(KINDS[kind]) if kind in KINDS else kind


def sized(visit: Visit, told: Size, plan: Plan) -> str:
    """How many people are written to, on which channels, and who is not."""
    if not told.people:
        parts = [visit.t("broadcast.size.none")]
    else:
        names = (f"{CHANNELS.get(name, name)} {number(n, visit.lang)}" for name, n in sorted(told.channels.items()))
        parts = [visit.t("broadcast.size", n=number(told.people, visit.lang), channels=", ".join(names))]
    if told.page:
        key = "broadcast.size.page" if ACCOUNT in plan.outlets else "broadcast.size.no-page"
        parts.append(visit.t(key, n=number(told.page, visit.lang)))
    if told.unreached:
        parts.append(visit.t("broadcast.size.unreached", n=number(told.unreached, visit.lang)))
    return " ".join(parts)


def _duration(visit: Visit, plan: Plan, told: Size) -> list[str]:
    if not told.people or plan.on_close:
        return []
    needed = reach.seconds(visit.house, told.channels)
    begins = max(plan.start_at or visit.at, visit.at)
    minutes = max(1, -int(-needed // 60))
    over = moment(reach.over_at(visit.house, begins, needed) + MINUTE, visit.lang)
    return [visit.t("broadcast.takes", n=number(minutes, visit.lang), over=over)]


async def public(visit: Visit, keys: Iterable[str]) -> list[str]:
    """In which public places it is posted, in one sentence; nothing where in none."""
    names = [await outlet_name(visit, key) for key in keys]
    return [visit.t("broadcast.public", outlets=", ".join(names))] if names else []


async def outlet_name(visit: Visit, key: str) -> str:
    """What a public place is called."""
    known = await outlets.find(visit.conn, key)
    return places.name_of(visit.house, visit.lang, known) if known else key


def when(visit: Visit, plan: Plan) -> str:
    """When it begins."""
    if plan.on_close:
        phase = next((each for each in visit.house.pack.phases if each.id == plan.on_close), None)
        return visit.t("broadcast.when.close", number=phase.number if phase else plan.on_close)
    if plan.start_at and plan.start_at > visit.at:
        return visit.t("broadcast.when.at", at=moment(plan.start_at, visit.lang))
    return visit.t("broadcast.when.now")


def _until(visit: Visit, plan: Plan) -> list[str]:
    return [visit.t("broadcast.until", at=moment(plan.until, visit.lang))] if plan.until else []


TOPICS = {name: f"broadcast.topic.{name}" for name in ("news", "slogans", "results", "reminders")}
LANGUAGES = {name: f"broadcast.language.{name}" for name in ("vi", "en")}
KINDS = {
    name: f"broadcast.kind.{name}"
    for name in ("ldld_tinh", "ldld_huyen", "cd_nganh_dp", "cd_vien_chuc", "cd_xa_phuong", "cdcs")
}
PHRASE_KEYS = (*TOPICS.values(), *LANGUAGES.values(), *KINDS.values())
