"""The parts of a schedule of slogans, one at a time: phase, rhythm, first moment, to whom, where it is posted."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from conversations.moments import moment
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work, phase_words, slogan_plan
from handlers.broadcast_ways import back, distinct
from handlers.broadcast_work import NAME
from handlers.commands import EDITOR
from handlers.phases import Stretch
from handlers.quiet import awake
from handlers.slogan_plan import RHYTHMS
from handlers.slogan_series import Schedule
from handlers.visit import Visit
from handlers.words import home
from locales.formats import VIETNAM
from locales.formats import moment as told
from models import outlets

VIEW = "schedule"
HOUR = time(8)
LABEL = 60


async def begin(visit: Visit, stretches: tuple[Stretch, ...], phase: str = "") -> Schedule | None:
    """Begin one for the phase of today, or the next: once a week, from the next morning on; None without a phase."""
    ahead = [each for each in stretches if not each.over(visit.at) and phase in ("", each.phase.id)]
    units = await broadcast_work.tops(visit, EDITOR)
    if not ahead or not units:
        return None
    day = max(ahead[0].phase.starts, visit.today + timedelta(days=1))
    first = awake(datetime.combine(day, HOUR, VIETNAM), visit.house.pack)
    return Schedule(ahead[0].phase.id, first, unit=units[0].id)


def read(visit: Visit, stretches: tuple[Stretch, ...]) -> Schedule | None:
    """What the open talk remembers; None where it remembers nothing, or its phase is over by now."""
    kept = visit.person.data
    ahead = {each.phase.id for each in stretches if not each.over(visit.at)}
    if kept.get("phase") not in ahead:
        return None
    first = datetime.fromisoformat(str(kept["first"]))
    return Schedule(str(kept["phase"]), first, str(kept["rhythm"]), str(kept["unit"]), tuple(kept["outlets"]))


def data(schedule: Schedule) -> dict[str, object]:
    """How the open talk remembers it."""
    its = schedule
    return {
        "phase": its.phase,
        "first": its.first.isoformat(),
        "rhythm": its.rhythm,
        "unit": its.unit,
        "outlets": list(its.outlets),
    }


def back_to(visit: Visit, schedule: Schedule, **more: object) -> None:
    """Show the schedule, or a part of it."""
    visit.go(NAME, at=VIEW, **data(schedule), **more)


async def open(visit: Visit, schedule: Schedule, name: str) -> None:
    """Ask for a part, or change at once what has but two sides."""
    if name == "not-directly":
        back_to(visit, replace(schedule, unit=""))
    elif name == "directly":
        units = await broadcast_work.tops(visit, EDITOR)
        back_to(visit, replace(schedule, unit=units[0].id if units else ""))
    else:
        back_to(visit, schedule, field=name)


async def ask(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule) -> Screen:
    """List what can be chosen; a moment is typed."""
    field = str(visit.person.data["field"])
    text = visit.t(ASKED[field])
    if field == "first":
        text = f"{visit.t('broadcast.when.at', at=told(schedule.first, visit.lang))}\n\n{text}"
    return Screen(
        title=visit.t("schedule.title"),
        text=text,
        choices=tuple(await _choices(visit, stretches, schedule, field)),
        nav=(back(visit, visit.t("schedule.back")), home(visit)),
        typed=field == "first",
    )


async def _choices(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule, field: str) -> list[Choice]:
    if field == "phase":
        ahead = [each.phase for each in stretches if not each.over(visit.at)]
        return [Choice(f"set:{phase.id}", phase_words.name(visit, phase)) for phase in ahead]
    if field == "rhythm":
        return [Choice(f"set:{name}", visit.t(key)) for name, key in RHYTHM.items()]
    if field == "unit":
        return [Choice(f"set:{unit.id}", unit.name[:LABEL]) for unit in await broadcast_work.tops(visit, EDITOR)]
    if field == "first":
        return []
    known = await outlets.listed(visit.conn, open_only=True)
    names = distinct([(await broadcast_told.outlet_name(visit, each.key))[:LABEL] for each in known])
    return [_tick(each.key, name, each.key in schedule.outlets) for each, name in zip(known, names, strict=True)]


def _tick(name: str, label: str, chosen: bool) -> Choice:
    return Choice(f"{'-' if chosen else '+'}{name}", label, chosen=chosen)


async def take(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule, said: Said) -> None:
    """Keep what was chosen, and show the schedule again; ticks stay on their screen."""
    field = str(visit.person.data["field"])
    if said.action.startswith(("+", "-")):
        chosen = set(schedule.outlets)
        for tick in said.action.split():
            chosen = chosen | {tick[1:]} if tick.startswith("+") else chosen - {tick[1:]}
        visit.change(data={**visit.person.data, "outlets": sorted(chosen)})
    elif said.text:
        _first(visit, stretches, schedule, said.text)
    elif said.action.startswith("set:"):
        await _chosen(visit, stretches, schedule, (field, said.action.removeprefix("set:")))
    else:
        back_to(visit, schedule)


async def _chosen(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule, choice: tuple[str, str]) -> None:
    """Take a choice; another phase begins at another day."""
    field, value = choice
    anew = await begin(visit, stretches, value) if field == "phase" and value != schedule.phase else None
    first = anew.first if anew else schedule.first
    kept = {**data(schedule), field: value, "first": first.isoformat()}
    visit.go(NAME, at=VIEW, **kept)


def _first(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule, text: str) -> None:
    """Take the moment; what is over, outside the phase, or in people's quiet hours is refused with one sentence."""
    at = moment(text, visit.at)
    asked = replace(schedule, first=at) if at else schedule
    wrong = slogan_plan.fault(visit.house.pack, stretches, asked.wish, visit.at)
    if at is None or wrong:
        visit.notice(visit.t(FAULTS[wrong] if at else "broadcast.when.unread"))
    else:
        back_to(visit, asked)


RHYTHM = {name: f"schedule.rhythm.{name}" for name in RHYTHMS}
ASKED = {name: f"schedule.ask.{name}" for name in ("phase", "rhythm", "first", "unit", "outlets")}
FAULTS = {name: f"schedule.fault.{name}" for name in ("past", "quiet", "outside", "none")}
PHRASE_KEYS = (*RHYTHM.values(), *ASKED.values(), *FAULTS.values())
