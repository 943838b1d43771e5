"""/results: what all took part in said together, for everybody who took part or might. The top of the tree alone."""

from conversations.posts import Content
from conversations.questions import Questionnaire
from conversations.screens import Choice, Said, Screen
from handlers import margins, posting, returning
from handlers.charted import charted, shown_steps, until
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home, pages, turned
from locales.formats import day, number
from models import figures
from models.buckets import NONE
from models.figures import Summary
from models.ledger import EVERYONE, Look
from models.periods import closing_day


async def open(visit: Visit, _rest: str) -> None:
    """Open at the first questionnaire that has results, else at the first."""
    forms = visit.house.pack.questionnaires.values()
    with_results = [form for form in forms if (found := await _summary(visit, form)) and found.n]
    visit.go("results", form=(with_results or list(forms))[0].id)


async def _summary(visit: Visit, form: Questionnaire) -> Summary | None:
    tree = await visit.tree()
    if not tree.roots:
        return None
    return await figures.summary(visit.conn, Look(EVERYONE, visit.today), tree, tree.roots[0].id, form.id)


async def show(visit: Visit) -> Screen:
    """One question's figures of the whole federation, or when there will be some, or why they have an error."""
    forms = visit.house.pack.questionnaires
    form = forms.get(str(visit.person.data.get("form", ""))) or next(iter(forms.values()))
    if visit.person.data.get("view") == "why":
        return margins.screen(visit)
    said = await returning.sent(visit.conn, form.id)
    if said and visit.person.data.get("view") == "next":
        words = posting.words(visit.house, said, visit.lang)
        return Screen(words, said.title.in_(visit.lang), nav=(margins.back(visit), home(visit)))
    summary = await _summary(visit, form)
    others = tuple(
        Choice(f"form:{other.id}", other.title.in_(visit.lang)) for other in forms.values() if other is not form
    )
    if summary is None or not summary.n:
        return Screen(_not_yet(visit, summary), form.title.in_(visit.lang), others, (home(visit),))
    return await _figures(visit, form, summary, (*_next(visit, said), *others))


def _next(visit: Visit, said: Content | None) -> tuple[Choice, ...]:
    return (Choice("next", visit.t("results.next")),) if said else ()


def _not_yet(visit: Visit, summary: Summary | None) -> str:
    if summary is not None and summary.refused:
        return visit.t("charted.refused")
    closes = closing_day(visit.period, visit.house.pack.period_close_day)
    if summary is not None and summary.final:
        return visit.t("results.nobody") if summary.withheld == NONE else visit.t("results.none", k=visit.house.pack.k)
    return visit.t("results.not-yet", k=visit.house.pack.k, day=day(closes, visit.lang))


async def _figures(visit: Visit, form: Questionnaire, summary: Summary, others: tuple[Choice, ...]) -> Screen:
    tree = await visit.tree()
    steps = shown_steps(form, summary)
    at = min(int(visit.person.data.get("page") or 0), len(steps) - 1)
    one = charted(visit, tree, tree.roots[0], summary, steps[at])
    head = visit.t("results.n", n=number(summary.n, visit.lang), until=until(visit, summary))
    question = visit.t("summary.question", number=at + 1, total=len(steps), question=steps[at].name(visit.lang))
    explained = margins.short(visit, summary) if at == 0 else []
    return Screen(
        title=form.title.in_(visit.lang),
        text="\n\n".join((head, f"{question}\n{one.words}", *explained, visit.t("charted.voluntary"))),
        choices=others,
        nav=(*pages(visit, at, len(steps) - 1), margins.why(visit), home(visit)),
        picture=one.png,
        picture_alt=one.alt,
    )


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, read why figures have an error or what is done with them, change the questionnaire, or go home."""
    kind, _, value = said.action.partition(":")
    data = {key: kept for key, kept in visit.person.data.items() if key in ("form", "page")}
    if kind == "page":
        visit.go("results", **turned(visit, said.action))
    elif kind in ("why", "next"):
        visit.go("results", **data, view=kind)
    elif kind == "figures":
        visit.go("results", **data)
    elif kind == "form":
        visit.go("results", form=value)
    else:
        visit.go("start")


TALK = Talk("results", show, act, open)
