"""/start: the home screen. What is open now, what was published, and one's own data."""

from conversations.questions import Questionnaire
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_list, phase_words, plans, troubles
from handlers.commands import APPROVER, EDITOR, OFFICER, Talk
from handlers.phases import phases
from handlers.visit import Visit
from locales.formats import day
from models import answers


async def open(visit: Visit, _rest: str) -> None:
    """Go home from wherever one is; a questionnaire begun stays there, and the unit of a link waits to be confirmed."""
    unit = visit.person.data.get("unit")
    visit.go("start", **({"unit": unit} if unit and visit.person.unit_id is None else {}))


async def show(visit: Visit) -> Screen:
    """The phase, the questionnaires with their state, and where else one can go."""
    lines = [phase_words.current(visit, await phases(visit.conn, visit.house.pack)), await _unit_line(visit)]
    choices = []
    for questionnaire in visit.house.pack.open_on(visit.today):
        stage = await answers.stage(visit.conn, visit.person.id, questionnaire.id)
        lines.append(_line(visit, questionnaire, stage))
        choices.append(Choice(f"q:{questionnaire.id}", questionnaire.title.in_(visit.lang), style="primary"))
    if not choices:
        lines.append(visit.t("start.nothing-open"))
    names = ["results", "slogans", "topics", "mydata", "settings"]
    roles = {grant.role for grant in await visit.grants()}
    if roles & {EDITOR, APPROVER}:
        names.insert(0, "broadcast")
        waits = await broadcast_list.waiting(visit)
        lines += [visit.t("broadcast.waiting", n=waits)] if waits else []
    if OFFICER in roles:
        names.insert(0, "summary")
        lines += [*troubles.lines(visit), *plans.warnings(visit)]
    choices += [Choice(f"go:{name}", visit.t(BUTTONS[name])) for name in names]
    return Screen(
        title=visit.t("start.title", issuer=visit.house.pack.issuer.in_(visit.lang)),
        text="\n\n".join(line for line in lines if line),
        choices=tuple(choices),
        nav=(Choice("go:help", visit.t("help.button")), Choice("go:language", visit.t("language.button"))),
    )


async def _unit_line(visit: Visit) -> str:
    return visit.t("start.unit", unit=await visit.unit_name(visit.person.unit_id))


def _line(visit: Visit, questionnaire: Questionnaire, stage: str) -> str:
    return visit.t(
        "start.questionnaire",
        title=questionnaire.title.in_(visit.lang),
        minutes=questionnaire.minutes,
        closes=day(questionnaire.closes, visit.lang),
        stage=visit.t(STAGES[stage]),
    )


async def act(visit: Visit, said: Said) -> None:
    """Open a questionnaire."""
    visit.go("questionnaire", id=said.action.removeprefix("q:"))


STAGES = {
    "none": "start.stage.none",
    "draft": "start.stage.draft",
    "pending": "start.stage.pending",
    "released": "start.stage.released",
    "withheld": "start.stage.withheld",
}
BUTTONS = {
    name: f"{name}.button" for name in ("results", "slogans", "topics", "mydata", "settings", "summary", "broadcast")
}
PHRASE_KEYS = (*STAGES.values(), *BUTTONS.values())
TALK = Talk("start", show, act, open, guests=True)
