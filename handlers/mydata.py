"""/mydata: the exact record, whole; and from here one changes, withdraws or erases it."""

from collections.abc import Mapping

from conversations import engine
from conversations.places import Place
from conversations.screens import Choice, Said, Screen
from handlers import clearing, passing, retention
from handlers.commands import Talk
from handlers.content import form_of
from handlers.deadlines import last_period
from handlers.profile import about
from handlers.visit import Visit
from handlers.words import home
from locales.formats import day
from models import answers, participation
from models.periods import closing_day
from models.slips import Slip


async def open(visit: Visit, _rest: str) -> None:
    """Show the record."""
    visit.go("mydata")


async def show(visit: Visit) -> Screen:
    """Everything that is kept, with what can be done about it."""
    states = await participation.states(visit.conn, visit.person.id)
    slips = await answers.slips(visit.conn, visit.house.keys, visit.person.id)
    touched = await answers.touched(visit.conn, visit.person.id)
    states = {**dict.fromkeys(touched, "draft"), **states}
    parts = [await about(visit)]
    parts += [await _slip(visit, slip, _head(visit, slip.questionnaire, states, touched)) for slip in slips]
    parts += [_head(visit, id, states, touched) for id in states if id not in touched]
    here = not any(_apart(visit, slip) for slip in slips)
    if not here:
        parts.append(f"{visit.t('passage.mydata')} {passing.why(visit)}")
    parts.append(visit.t("mydata.gone", months=retention.CONSENT, days=retention.LEFT.days))
    clear = (Choice("clear", visit.t("receipt.clear")),) if slips and clearing.way(visit) else ()
    other_unit = (Choice("unit", visit.t("mydata.unit.change")),) if visit.agreed else ()
    return Screen(
        title=visit.t("mydata.title"),
        text="\n\n".join(parts),
        choices=(
            *(choice for slip in slips for choice in _choices(visit, slip, states[slip.questionnaire])),
            *clear,
            *other_unit,
            Choice("go:forget", visit.t("forget.button"), style="danger"),
        ),
        nav=(*(() if here else (await passing.link(visit),)), home(visit)),
        shows=tuple(slip.questionnaire for slip in slips),
    )


def _apart(visit: Visit, slip: Slip) -> bool:
    """Whether answers are not to be shown in this chat, since others can read it."""
    form = visit.house.pack.questionnaires.get(slip.questionnaire)
    return passing.listened(visit) and (form is None or engine.kept_apart(form, Place.from_json(slip.record)))


async def _slip(visit: Visit, slip: Slip, head: str) -> str:
    if _apart(visit, slip):
        return head
    place = Place.from_json(slip.record)
    form = await form_of(visit.conn, visit.house, slip.questionnaire, place.version)
    if form is None:
        return head
    said = (f"{line.number}. {line.asked} {line.told}" for line in engine.told(form, place, visit.lang, visit.t))
    return "\n".join((head, *said))


def _head(visit: Visit, id: str, states: Mapping[str, str], touched: Mapping[str, str]) -> str:
    """How far one is with a questionnaire, what happens to it next, and when it goes by itself."""
    pack = visit.house.pack
    form = pack.questionnaires.get(id)
    last = last_period(pack, form) if form else visit.period
    gone = retention.draft_goes(touched[id], last) if states[id] == "draft" else retention.participation_goes(last)
    return visit.t(
        STATES[states[id]],
        title=form.title.in_(visit.lang) if form else id,
        closes=day(closing_day(visit.period, pack.period_close_day), visit.lang),
        k=pack.k,
        gone=day(closing_day(gone, pack.period_close_day), visit.lang),
    )


def _choices(visit: Visit, slip: Slip, state: str) -> tuple[Choice, ...]:
    form = visit.house.pack.questionnaires.get(slip.questionnaire)
    title = form.title.in_(visit.lang) if form else slip.questionnaire
    change, erase = ("mydata.change", "mydata.withdraw") if state == "pending" else ("mydata.go-on", "mydata.discard")
    withdraw = Choice(f"withdraw:{slip.questionnaire}", visit.t(erase, title=title))
    if not visit.agreed:
        return (withdraw,)
    return Choice(f"change:{slip.questionnaire}", visit.t(change, title=title)), withdraw


async def act(visit: Visit, said: Said) -> None:
    """Change or withdraw answers, or choose another unit."""
    kind, _, id = said.action.partition(":")
    if kind == "change":
        visit.go("questionnaire", id=id)
    elif kind == "withdraw":
        done = await answers.withdraw(visit.conn, visit.person.id, id)
        visit.notice(visit.t("mydata.withdrawn" if done else "mydata.too-late"))
        visit.go("mydata")
    elif kind == "clear":
        kept = await answers.slips(visit.conn, visit.house.keys, visit.person.id)
        await clearing.clear(visit, *(slip.questionnaire for slip in kept))
        visit.go("start")
    else:
        visit.go("unit")


STATES = {state: f"mydata.state.{state}" for state in ("draft", "pending", "released", "withheld")}
PHRASE_KEYS = (
    *STATES.values(),
    "mydata.change",
    "mydata.go-on",
    "mydata.withdraw",
    "mydata.discard",
    "mydata.withdrawn",
    "mydata.too-late",
)
TALK = Talk("mydata", show, act, open, rights=True)
