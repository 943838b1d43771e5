"""/summary [unit] [questionnaire]: what an officer's units said, question by question, up and down their tree.

Shows released figures of whole groups, with their error, and nothing else; says what is withheld and why.
"""

from conversations.questions import Questionnaire
from conversations.screens import Choice, Said, Screen
from handlers import branches, margins, scope, written
from handlers.charted import Charted, charted, until
from handlers.commands import OFFICER, Talk
from handlers.view import View, viewed
from handlers.visit import Visit
from handlers.withheld import reasons
from handlers.words import aliases, home, pages, turned
from locales.formats import day, number
from locales.vietnamese import clean, fold
from models import audit, figures
from models.audit import Act
from models.periods import closing_day


async def open(visit: Visit, rest: str) -> None:
    """Open at the top of the officer's part, or at the unit and questionnaire that were named."""
    form, name = _named(visit, clean(rest))
    await _seek(visit, name, {"form": form.id} if form else {})
    await _noted(visit)


async def _noted(visit: Visit, what: str = "summary") -> None:
    """Enter in the log of officers' acts whose figures, or words, were looked at."""
    if view := await viewed(visit):
        await audit.note(visit.conn, Act(visit.at, str(visit.person.id)), what, view.unit.id, view.form.id)


async def _seek(visit: Visit, name: str, kept: dict[str, object]) -> None:
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
    """One question's figures, what was written to it, why figures have an error, or the units to go to."""
    view, wanted = await viewed(visit), visit.person.data.get("view")
    if view is None:
        return Screen(visit.t("summary.no-unit"), nav=(home(visit),))
    if wanted == "why":
        return margins.screen(visit)
    if wanted == "units":
        return await branches.screen(visit, view)
    if wanted == "words" and (step := view.words(visit.person.data.get("question"))):
        texts = await figures.texts(visit.conn, view.form.id, step.id)
        return written.screen(visit, step.name(visit.lang), texts)
    return _figures(visit, view)


def _figures(visit: Visit, view: View) -> Screen:
    steps, at = view.steps, view.at(visit.person.data.get("page"))
    one = charted(visit, view.tree, view.unit, view.summary, steps[at]) if steps else Charted("")
    parts = [f"{view.tree.label(view.unit.id)}\n{_participation(visit, view)}"]
    if steps:
        parts.append(f"{_headline(visit, view, at)}\n{one.words}")
    if at == 0:
        parts += margins.short(visit, view.summary) + reasons(visit, view)
    return Screen(
        title=visit.t("summary.title", title=view.form.title.in_(visit.lang)),
        text="\n\n".join(parts),
        choices=(*_words(visit, view, at), *branches.ways(visit, view)),
        nav=(*_leaves(visit, view, at), home(visit)),
        picture=one.png,
        picture_alt=one.alt,
    )


def _words(visit: Visit, view: View, at: int) -> tuple[Choice, ...]:
    step = view.words(view.steps[at].id) if view.steps else None
    if step is None:
        return ()
    label = visit.t("written.button", n=number(view.summary.texts[step.id], visit.lang))
    return (Choice(f"words:{step.id}", label, aliases(visit, "written.words")),)


def _leaves(visit: Visit, view: View, at: int) -> tuple[Choice, ...]:
    return (*pages(visit, at, len(view.steps) - 1), margins.why(visit)) if view.steps else ()


def _participation(visit: Visit, view: View) -> str:
    summary = view.summary
    if summary.refused:
        return visit.t("charted.refused")
    if summary.last is None:
        closes = closing_day(visit.period, visit.house.pack.period_close_day)
        return visit.t("summary.before", day=day(closes, visit.lang))
    if not summary.n:
        return f"{visit.t('summary.nothing')} {until(visit, summary)}"
    took_part = f"{visit.t('summary.n', n=number(summary.n, visit.lang))} {until(visit, summary)}"
    if summary.own and view.tree.children(view.unit.id):
        rest = visit.t("summary.own", n=number(summary.own, visit.lang), k=visit.house.pack.k)
        return f"{took_part}\n{rest}"
    return took_part


def _headline(visit: Visit, view: View, at: int) -> str:
    question = view.steps[at].name(visit.lang)
    return visit.t("summary.question", number=at + 1, total=len(view.steps), question=question)


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, walk the tree, change the questionnaire, read on, or look for a unit."""
    kind, _, value = said.action.partition(":")
    data = {key: kept for key, kept in visit.person.data.items() if key in ("unit", "form")}
    at = visit.person.data.get("at" if visit.person.data.get("view") else "page") or 0
    if not kind:
        await _seek(visit, clean(said.text), data)
    elif kind == "page":
        visit.go("summary", **turned(visit, said.action))
    elif kind in ("units", "why"):
        visit.go("summary", **data, view=kind, at=at)
    elif kind == "words":
        visit.go("summary", **data, view=kind, at=at, question=value)
        await _noted(visit, "words")
    elif kind == "figures":
        visit.go("summary", **data, page=at)
    elif kind in ("at", "form"):
        visit.go("summary", **{**data, {"at": "unit"}.get(kind, kind): value})
        await _noted(visit)
    else:
        visit.go("start")


TALK = Talk("summary", show, act, open, roles=(OFFICER,))
