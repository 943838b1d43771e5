"""/summary [unit] [questionnaire]: what an officer's units said, question by question, up and down their tree.

Shows released figures of whole groups and nothing else; says what is withheld and why.
"""

from dataclasses import dataclass

from conversations.questions import Questionnaire, Shown
from conversations.screens import Choice, Said, Screen
from handlers import scope
from handlers.charted import Charted, charted, shown_steps, until
from handlers.commands import OFFICER, Talk
from handlers.visit import Visit
from handlers.withheld import reasons
from handlers.words import aliases, home, pages, turned
from locales.formats import day, number
from locales.vietnamese import clean, fold
from models import audit, figures
from models.audit import Act
from models.figures import Summary
from models.ledger import Look
from models.periods import closing_day
from models.units import Tree, Unit

PAGE = 8


@dataclass(frozen=True, slots=True)
class _View:
    """What the officer looks at: a unit of their part of the tree, a questionnaire, and its figures there."""

    tree: Tree
    top: tuple[Unit, ...]
    unit: Unit
    form: Questionnaire
    summary: Summary


async def open(visit: Visit, rest: str) -> None:
    """Open at the top of the officer's part, or at the unit and questionnaire that were named."""
    form, name = _named(visit, clean(rest))
    await _seek(visit, name, {"form": form.id} if form else {})
    await _noted(visit)


async def _noted(visit: Visit) -> None:
    """Enter in the log of officers' acts whose figures were looked at."""
    if view := await _view(visit):
        act = Act(visit.at, str(visit.person.id))
        await audit.note(visit.conn, act, "summary", view.unit.id, view.form.id)


async def _seek(visit: Visit, name: str, kept: dict[str, str]) -> None:
    tree = await visit.tree()
    found = scope.search(tree, await scope.tops(visit, tree), name) if name else []
    if len(found) == 1:
        visit.go("summary", **{**kept, "unit": found[0].id})
    elif found:
        visit.notice(visit.t("summary.found", query=name[:80]))
        visit.go("summary", **kept, view="units", found=[unit.id for unit in found])
    else:
        if name:
            visit.notice(visit.t("summary.no-such-unit", name=name[:80]))
        visit.go("summary", **kept)


def _named(visit: Visit, rest: str) -> tuple[Questionnaire | None, str]:
    """Split a questionnaire's id off the end of what was typed, with or without its hyphen."""
    words = rest.split()
    tails = {fold(form.id): form for form in visit.house.pack.questionnaires.values()}
    for cut in range(len(words)):
        if form := tails.get(fold(" ".join(words[cut:]))):
            return form, " ".join(words[:cut])
    return None, rest


async def show(visit: Visit) -> Screen:
    """One question's figures, or the units to go to."""
    view = await _view(visit)
    if view is None:
        return Screen(visit.t("summary.no-unit"), nav=(home(visit),))
    return await _units(visit, view) if visit.person.data.get("view") == "units" else _figures(visit, view)


async def _view(visit: Visit) -> _View | None:
    tree = await visit.tree()
    top = await scope.tops(visit, tree)
    if not top:
        return None
    wanted = tree.get(str(visit.person.data.get("unit", "")))
    unit = wanted if wanted and scope.within(tree, top, wanted.id) else top[0]
    form = _form(visit)
    return _View(
        tree, top, unit, form, await figures.summary(visit.conn, Look(OFFICER, visit.today), tree, unit.id, form.id)
    )


def _form(visit: Visit) -> Questionnaire:
    forms = visit.house.pack.questionnaires
    running = visit.house.pack.open_on(visit.today)
    return forms.get(str(visit.person.data.get("form", ""))) or (running or list(forms.values()))[0]


def _figures(visit: Visit, view: _View) -> Screen:
    steps = shown_steps(view.form, view.summary)
    at = min(int(visit.person.data.get("page") or 0), len(steps) - 1) if view.summary.n else 0
    place = view.tree.label(view.unit.id)
    one = charted(visit, view.tree, steps[at], view.summary, place) if view.summary.n else Charted("")
    parts = [f"{place}\n{_participation(visit, view)}"]
    if view.summary.n:
        parts.append(f"{_headline(visit, steps, at)}\n{one.words}")
    if at == 0:
        parts += reasons(visit, view.tree, view.unit, view.summary)
    return Screen(
        title=visit.t("summary.title", title=view.form.title.in_(visit.lang)),
        text="\n\n".join(parts),
        choices=_ways(visit, view),
        nav=(*(pages(visit, at, len(steps) - 1) if view.summary.n else ()), home(visit)),
        picture=one.png,
        picture_alt=one.alt,
    )


def _participation(visit: Visit, view: _View) -> str:
    summary = view.summary
    if summary.last is None:
        closes = closing_day(visit.period, visit.house.pack.period_close_day)
        return visit.t("summary.before", day=day(closes, visit.lang))
    if not summary.n:
        return f"{visit.t('summary.nothing')} {until(visit, summary)}"
    took_part = visit.t("summary.n", n=number(summary.n, visit.lang))
    if summary.own and view.tree.children(view.unit.id):
        rest = visit.t("summary.own", n=number(summary.own, visit.lang), k=visit.house.pack.k)
        return f"{took_part} {until(visit, summary)}\n{rest}"
    return f"{took_part} {until(visit, summary)}"


def _headline(visit: Visit, steps: list[Shown], at: int) -> str:
    return visit.t("summary.question", number=at + 1, total=len(steps), question=steps[at].name(visit.lang))


def _ways(visit: Visit, view: _View) -> tuple[Choice, ...]:
    ways = []
    if view.tree.children(view.unit.id) or len(view.top) > 1:
        ways.append(Choice("units", visit.t("summary.below"), aliases(visit, "summary.below.words")))
    above = view.tree.get(view.unit.parent_id or "")
    if above and scope.within(view.tree, view.top, above.id):
        ways.append(Choice(f"at:{above.id}", visit.t("summary.up", unit=above.name)))
    others = (form for form in visit.house.pack.questionnaires.values() if form.id != view.form.id)
    ways += [Choice(f"form:{form.id}", visit.t("summary.form", title=form.title.in_(visit.lang))) for form in others]
    return tuple(ways)


async def _units(visit: Visit, view: _View) -> Screen:
    found = [unit for unit in visit.units(view.tree, "found") if scope.within(view.tree, view.top, unit.id)]
    units = found or _listed(view)
    at = min(int(visit.person.data.get("page") or 0), max(len(units) - 1, 0) // PAGE)
    text = visit.t("summary.choose") if found else visit.t("summary.units", unit=view.unit.name)
    return Screen(
        title=visit.t("summary.title", title=view.form.title.in_(visit.lang)),
        text=text,
        choices=tuple([await _unit(visit, view, unit) for unit in units[at * PAGE : (at + 1) * PAGE]]),
        nav=(
            *pages(visit, at, max(len(units) - 1, 0) // PAGE),
            Choice("figures", visit.t("summary.back"), aliases(visit, "summary.back.words")),
            home(visit),
        ),
        typed=True,
    )


def _listed(view: _View) -> list[Unit]:
    others = [unit for unit in view.top if not scope.within(view.tree, (unit,), view.unit.id)]
    return [*view.tree.children(view.unit.id), *others]


async def _unit(visit: Visit, view: _View, unit: Unit) -> Choice:
    n = view.summary.below.get(unit.id, 0)
    if unit.parent_id != view.unit.id:
        n = (await figures.summary(visit.conn, Look(OFFICER, visit.today), view.tree, unit.id, view.form.id)).n
    words = visit.t("summary.unit", n=number(n, visit.lang)) if n else visit.t("summary.unit-none")
    return Choice(f"at:{unit.id}", f"{view.tree.label(unit.id)} · {words}")


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, walk the tree, change the questionnaire, or look for a unit."""
    kind, _, value = said.action.partition(":")
    data = {key: kept for key, kept in visit.person.data.items() if key in ("unit", "form")}
    if not kind:
        await _seek(visit, clean(said.text), data)
    elif kind == "page":
        visit.go("summary", **turned(visit, said.action))
    elif kind == "units":
        visit.go("summary", **data, view="units")
    elif kind == "figures":
        visit.go("summary", **data)
    elif kind == "at":
        visit.go("summary", **{**data, "unit": value})
        await _noted(visit)
    elif kind == "form":
        visit.go("summary", **{**data, "form": value})
        await _noted(visit)
    else:
        visit.go("start")


TALK = Talk("summary", show, act, open, role=OFFICER)
