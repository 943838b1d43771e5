"""Which questionnaire, for somebody who came by a post while several are open: asked before anything else is."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home
from locales.formats import day


async def show(visit: Visit) -> Screen:
    """The open questionnaires, each with how long it takes and until when it may be answered."""
    forms = visit.house.pack.open_on(visit.today)
    lines = [
        visit.t(
            "pick.line", title=form.title.in_(visit.lang), minutes=form.minutes, closes=day(form.closes, visit.lang)
        )
        for form in forms
    ]
    return Screen(
        title=visit.t("pick.title"),
        text="\n\n".join(lines) or visit.t("start.nothing-open"),
        choices=tuple(Choice(f"q:{form.id}", form.title.in_(visit.lang), style="primary") for form in forms),
        nav=(home(visit),),
    )


async def act(visit: Visit, said: Said) -> None:
    """Open one."""
    visit.go("questionnaire", id=said.action.removeprefix("q:"))


TALK = Talk("pick", show, act)
