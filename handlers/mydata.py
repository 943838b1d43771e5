"""/mydata: the exact record, whole; and from here one changes, withdraws or erases it."""

from datetime import date

from conversations import engine
from conversations.places import Place
from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.content import form_of
from handlers.language import NAMES as LANGUAGES
from handlers.visit import Visit
from handlers.words import accounts, home
from locales.formats import VIETNAM, day
from models import answers, officers, participation, people
from models.slips import Slip


async def open(visit: Visit, _rest: str) -> None:
    """Show the record."""
    visit.go("mydata")


async def show(visit: Visit) -> Screen:
    """Everything that is kept, with what can be done about it."""
    states = await participation.states(visit.conn, visit.person.id)
    slips = await answers.slips(visit.conn, visit.house.keys, visit.person.id)
    parts = [await _who(visit)]
    parts += [await _slip(visit, slip, states.get(slip.questionnaire, "draft")) for slip in slips]
    open_slips = {slip.questionnaire for slip in slips}
    parts += [_gone(visit, id, state) for id, state in states.items() if id not in open_slips]
    return Screen(
        title=visit.t("mydata.title"),
        text="\n\n".join(parts),
        choices=(
            *(choice for slip in slips for choice in _choices(visit, slip, states.get(slip.questionnaire, "draft"))),
            Choice("unit", visit.t("mydata.unit.change")),
            Choice("go:forget", visit.t("forget.button"), style="danger"),
        ),
        nav=(home(visit),),
    )


async def _who(visit: Visit) -> str:
    addresses = await people.addresses(visit.conn, visit.person.id)
    grants = await visit.grants()
    lines = [
        visit.t("mydata.language", language=LANGUAGES.get(visit.lang, visit.lang)),
        visit.t("mydata.unit", unit=await visit.unit_name(visit.person.unit_id)),
        visit.t("mydata.channels", channels=accounts(addresses)),
        visit.t("mydata.met", on=day(date.fromisoformat(visit.person.met_on), visit.lang)),
        visit.t("mydata.period", period=_month(visit.person.joined_period or "–")),
    ]
    if visit.person.consented_at:
        version, on = visit.person.consent_version, day(visit.person.consented_at.astimezone(VIETNAM), visit.lang)
        lines.append(visit.t("mydata.consent", version=version, on=on))
    for grant in grants:
        lines.append(visit.t("mydata.role", role=visit.t(ROLES[grant.role]), unit=await visit.unit_name(grant.unit_id)))
    return "\n".join(lines)


def _month(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{month}/{year}" if month else period


async def _slip(visit: Visit, slip: Slip, state: str) -> str:
    place = Place.from_json(slip.record)
    form = await form_of(visit.conn, visit.house, slip.questionnaire, place.version)
    if form is None:
        return _gone(visit, slip.questionnaire, state)
    head = visit.t(STATES[state], title=form.title.in_(visit.lang))
    said = (f"{line.number}. {line.asked} {line.told}" for line in engine.told(form, place, visit.lang, visit.t))
    return "\n".join((head, *said))


def _gone(visit: Visit, id: str, state: str) -> str:
    form = visit.house.pack.questionnaires.get(id)
    return visit.t(STATES[state], title=form.title.in_(visit.lang) if form else id)


def _choices(visit: Visit, slip: Slip, state: str) -> tuple[Choice, ...]:
    form = visit.house.pack.questionnaires.get(slip.questionnaire)
    title = form.title.in_(visit.lang) if form else slip.questionnaire
    change, erase = ("mydata.change", "mydata.withdraw") if state == "pending" else ("mydata.go-on", "mydata.discard")
    return (
        Choice(f"change:{slip.questionnaire}", visit.t(change, title=title)),
        Choice(f"withdraw:{slip.questionnaire}", visit.t(erase, title=title)),
    )


async def act(visit: Visit, said: Said) -> None:
    """Change or withdraw answers, or choose another unit."""
    kind, _, id = said.action.partition(":")
    if kind == "change":
        visit.go("questionnaire", id=id)
    elif kind == "withdraw":
        done = await answers.withdraw(visit.conn, visit.person.id, id)
        visit.notice(visit.t("mydata.withdrawn" if done else "mydata.too-late"))
        visit.go("mydata")
    else:
        visit.go("unit")


STATES = {state: f"mydata.state.{state}" for state in ("draft", "pending", "released", "withheld")}
ROLES = {role: f"mydata.role.{role}" for role in officers.ROLES}
PHRASE_KEYS = (
    *STATES.values(),
    *ROLES.values(),
    "mydata.change",
    "mydata.go-on",
    "mydata.withdraw",
    "mydata.discard",
    "mydata.withdrawn",
    "mydata.too-late",
)
TALK = Talk("mydata", show, act, open)
