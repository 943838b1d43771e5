"""A schedule of slogans for the rest of a phase: how often, from when, to whom; the whole list before it is handed in.

Nothing is kept until it is handed in, and nothing is moved: a beginning that would wake people is refused.
"""

from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work, phase_words, schedule_choices, scope, slogan_plan, slogan_series
from handlers.broadcast_ways import gone, listing, to
from handlers.commands import EDITOR
from handlers.phases import Stretch, phases
from handlers.schedule_choices import FAULTS, RHYTHM, back_to, begin, read
from handlers.schedule_words import PAGE, line, reached
from handlers.slogan_plan import MOST, Occasion
from handlers.slogan_series import Schedule
from handlers.visit import Visit
from handlers.words import home, pages, turned
from locales.formats import day, local_day, number
from models import outlets


async def show(visit: Visit) -> Screen:
    """The schedule as it would be, or the part of it that is asked for."""
    stretches = await phases(visit.conn, visit.house.pack)
    schedule = read(visit, stretches) or await begin(visit, stretches)
    if schedule is None:
        return gone(visit)
    if visit.person.data.get("field"):
        return await schedule_choices.ask(visit, stretches, schedule)
    found, told = await _found(visit, stretches, schedule)
    last = max(len(found) - 1, 0) // PAGE
    page = min(int(visit.person.data.get("page") or 0), last)
    shown = [line(visit, each.at, each.slogan.text) for each in found[page * PAGE : (page + 1) * PAGE]]
    head = [*_head(visit, stretches, schedule), *await reached(visit, schedule.plan)] if page == 0 else []
    return Screen(
        title=visit.t("schedule.title"),
        text="\n\n".join("\n".join(part) for part in (head, [told], shown) if part),
        choices=(*await _parts(visit, schedule), *_submit(visit, found)),
        nav=(*pages(visit, page, last), listing(visit), home(visit)),
    )


async def _found(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule) -> tuple[tuple[Occasion, ...], str]:
    """The occasions with what they come to; none, and why, where it cannot begin so."""
    pack = visit.house.pack
    wrong = slogan_plan.fault(pack, stretches, schedule.wish, visit.at)
    found = () if wrong else slogan_plan.occasions(pack, stretches, schedule.wish)
    if not found:
        return (), visit.t(FAULTS[wrong or "none"])
    first, last = (day(local_day(found[at].at), visit.lang) for at in (0, -1))
    key = "schedule.list.most" if len(found) == MOST else "schedule.list"
    return found, visit.t(key, n=number(len(found), visit.lang), first=first, last=last)


def _head(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule) -> list[str]:
    phase = next(each.phase for each in stretches if each.phase.id == schedule.phase)
    return [phase_words.name(visit, phase), visit.t("schedule.rhythm", rhythm=visit.t(RHYTHM[schedule.rhythm]))]


async def _parts(visit: Visit, schedule: Schedule) -> list[Choice]:
    names = ["phase", "rhythm", "first"]
    if len(await broadcast_work.tops(visit, EDITOR)) > 1:
        names.append("unit")
    names.append("not-directly" if schedule.unit else "directly")
    if await scope.at_the_top(visit, (EDITOR,)) and await outlets.listed(visit.conn, open_only=True):
        names.append("outlets")
    return [Choice(f"field:{name}", visit.t(PARTS[name])) for name in names]


def _submit(visit: Visit, found: tuple[Occasion, ...]) -> list[Choice]:
    return [Choice("submit", visit.t("broadcast.submit"), style="primary")] if found else []


async def act(visit: Visit, said: Said) -> None:
    """Change a part at once, ask for it, or hand the whole schedule in."""
    stretches = await phases(visit.conn, visit.house.pack)
    schedule = read(visit, stretches) or await begin(visit, stretches)
    if schedule is None:
        to(visit, "list")
    elif said.action.startswith("page:"):
        visit.go(broadcast_work.NAME, **turned(visit, said.action))
    elif visit.person.data.get("field"):
        await schedule_choices.take(visit, stretches, schedule, said)
    elif said.action.startswith("field:"):
        await schedule_choices.open(visit, schedule, said.action.removeprefix("field:"))
    elif said.action == "submit":
        await _hand_in(visit, stretches, schedule)


async def _hand_in(visit: Visit, stretches: tuple[Stretch, ...], schedule: Schedule) -> None:
    found, told = await _found(visit, stretches, schedule)
    wrong = await _fault(visit, schedule) if found else told
    if wrong:
        visit.notice(wrong)
        back_to(visit, schedule)
        return
    await slogan_series.hand_in(visit, schedule, found)
    visit.notice(visit.t("schedule.submitted", n=number(len(found), visit.lang)))
    to(visit, "list")


async def _fault(visit: Visit, schedule: Schedule) -> str:
    if not await broadcast_work.covers(visit, schedule.plan, EDITOR):
        return visit.t("broadcast.too-wide")
    told = await broadcast_told.size(visit, schedule.plan)
    return "" if schedule.outlets or (told and told.people) else visit.t("schedule.empty")


PARTS = {
    name: f"schedule.part.{name}"
    for name in ("phase", "rhythm", "first", "unit", "directly", "not-directly", "outlets")
}
PHRASE_KEYS = tuple(PARTS.values())
