"""The talk of a questionnaire: reads the sealed place, lets the engine decide, seals the place again."""

from collections.abc import Iterable
from dataclasses import replace

from conversations import engine
from conversations.own_names import spoken
from conversations.places import Place, Turn
from conversations.questions import Questionnaire, WordsQuestion
from conversations.screens import Choice, Said, Screen
from handlers import clearing, passing
from handlers.commands import Talk
from handlers.content import form_of, rules_of
from handlers.visit import Visit
from handlers.words import home
from models import answers, rules
from models.slips import Slip
from models.units import Unit, successor

LISTED = 10


async def show(visit: Visit) -> Screen:
    """The question that waits, or why there is none."""
    form, place = await _placed(visit)
    if form is None or place is None:
        mine = Choice("go:mydata", visit.t("mydata.button"))
        return Screen(visit.t(visit.closed or "questionnaire.closed"), nav=(home(visit), mine))
    if passing.hides(visit, form, place):
        return await passing.screen(visit, form, place)
    return replace(engine.ask(form, place, visit.lang, visit.t), shows=(form.id,))


async def act(visit: Visit, said: Said) -> None:
    """Give what was said to the engine and keep what came of it."""
    form, place = await _placed(visit)
    if form is None or place is None:
        visit.go("start")
        return
    partner = engine.Partner(visit.lang, visit.t, await _own_names(visit, form, place))
    turn = engine.reply(form, place, said, partner)
    if turn.outcome.startswith("search:"):
        turn = await _found(visit, form, turn)
    for notice in turn.notices:
        visit.notice(notice)
    await _keep(visit, form, place, turn)


async def _own_names(visit: Visit, form: Questionnaire, place: Place) -> tuple[str, ...]:
    """How people write the names of their unit and of those above it, up to the federation that all belong to."""
    if not visit.person.unit_id or not isinstance(form.by_id.get(place.waiting_on), WordsQuestion):
        return ()
    tree = await visit.tree()
    stands_for = visit.person.unit_id
    if stands_for not in tree:
        stands_for = await successor(visit.conn, stands_for, visit.today) or ""
    way = tree.path(stands_for)
    return spoken(_names(way[1:]), _names(way[:1]))


def _names(units: Iterable[Unit]) -> list[str]:
    return [name for unit in units for name in (unit.name, unit.short_name) if name]


async def _placed(visit: Visit) -> tuple[Questionnaire | None, Place | None]:
    """The form and the place; a new place where none was begun, none where it may not be answered."""
    if visit.form is None:
        visit.form, place, visit.closed = await _open(visit, str(visit.person.data.get("id", "")))
        visit.place = place and clearing.noted(visit, place)
    return visit.form, visit.place


async def _open(visit: Visit, id: str) -> tuple[Questionnaire | None, Place | None, str]:
    current = visit.house.pack.questionnaires.get(id)
    if current is None or not current.opens <= visit.today <= current.closes:
        return None, None, "questionnaire.closed"
    found = await answers.find(visit.conn, visit.house.keys, visit.person.id, id)
    if found.stage in ("released", "withheld"):
        return None, None, "questionnaire.released"
    if found.record is None:
        return current, engine.begin(current, visit.person.id % 2**31), ""
    place = visit.kept = Place.from_json(found.record)
    form = await form_of(visit.conn, visit.house, id, place.version)
    if form is None:
        return current, replace(engine.begin(current, visit.person.id % 2**31), traces=place.traces), ""
    return form, place, ""


async def _found(visit: Visit, form: Questionnaire, turn: Turn) -> Turn:
    tree = await visit.tree()
    units = tree.search(turn.outcome.removeprefix("search:"), LISTED)
    return replace(turn, place=engine.found(form, turn.place, [(unit.id, tree.label(unit.id)) for unit in units]))


async def _keep(visit: Visit, form: Questionnaire, before: Place, turn: Turn) -> None:
    turn = _under_consent(visit, before, turn)
    visit.place = turn.place
    slip = Slip(visit.person.id, form.id, turn.place.to_json().encode())
    # Ticking a list of several stays on the same screen, so that a second tap made at once counts too.
    visit.step |= replace(turn.place, ticked=before.ticked) != before
    if turn.outcome == "sent":
        await _send(visit, form, slip)
    elif turn.place != before:
        await answers.keep(visit.conn, visit.house.keys, visit.period, slip)
        visit.kept = turn.place
    if turn.outcome == "stopped":
        visit.go("start", paused=True)


def _under_consent(visit: Visit, before: Place, turn: Turn) -> Turn:
    """Note under which consent the answers were given; to look at them again is not to give them anew."""
    if turn.outcome != "sent" and turn.place.answers == before.answers:
        return turn
    return replace(turn, place=replace(turn.place, consent=visit.person.consent_version or ""))


async def _send(visit: Visit, form: Questionnaire, slip: Slip) -> None:
    unit = visit.person.unit_id
    if unit is None:
        visit.go("unit")
        return
    await rules.freeze(visit.conn, form.id, rules_of(visit.house.pack, form), visit.today, form.version)
    if await answers.submit(visit.conn, visit.house.keys, visit.period, unit, slip):
        visit.go("receipt", id=form.id)
    else:
        visit.go("start")


TALK = Talk("questionnaire", show, act)
PHRASE_KEYS = ("questionnaire.closed", "questionnaire.released")
