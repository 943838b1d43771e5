"""Where the words come from: the office, the number and the date of its document, one after the other, or the plan."""

from conversations import drafting
from conversations.posts import NUMBER
from conversations.reading import day
from conversations.screens import Choice, Said, Screen
from conversations.text import FIRST
from handlers import broadcast_work
from handlers.broadcast_ways import DRAFT, back, to
from handlers.broadcast_work import Work
from handlers.visit import Visit
from handlers.words import home
from locales.formats import number

FIELDS = ("source", "source-number", "source-date")


def ask(visit: Visit, work: Work) -> Screen:
    """Ask for the office, its number or its date."""
    field = str(visit.person.data["field"])
    source = visit.house.pack.source
    choices = {
        "source": [Choice("plan", visit.t("broadcast.source.plan", number=source.number))],
        "source-number": [Choice("none", visit.t("broadcast.source.no-number"))],
        "source-date": [Choice("today", visit.t("broadcast.source.today"))],
    }
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text=visit.t(ASKED[field]),
        choices=tuple(choices[field]),
        nav=(back(visit), home(visit)),
        typed=True,
    )


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Keep the part that was given, and ask for the next one."""
    field, kept = str(visit.person.data["field"]), dict(work.draft.get("source", {}))
    if said.action == "plan":
        pack = visit.house.pack
        of = {"issuer": pack.issuer.in_(FIRST), "number": pack.source.number, "date": pack.source.date.isoformat()}
        await _on(visit, work, of, "")
    elif field == "source" and said.text:
        await _line(visit, work, "issuer", drafting.line(said.text))
    elif field == "source-number":
        await _line(visit, work, "number", drafting.line(said.text))
    elif said.action == "today":
        await _on(visit, work, {**kept, "date": visit.today.isoformat()}, "")
    elif date := day(said.text):
        await _on(visit, work, {**kept, "date": date.isoformat()}, "")
    else:
        visit.notice(visit.t("broadcast.source.no-day"))


async def _line(visit: Visit, work: Work, name: str, told: str) -> None:
    most = NUMBER if name == "number" else drafting.ISSUER
    if len(told) > most:
        limits = {"most": number(most, visit.lang), "n": number(len(told), visit.lang)}
        visit.notice(visit.t("broadcast.too-long", **limits))
        return
    # Another office has another document: what was given of the one before goes.
    kept = {} if name == "issuer" else dict(work.draft.get("source", {}))
    await _on(visit, work, {**kept, name: told}, "source-number" if name == "issuer" else "source-date")


async def _on(visit: Visit, work: Work, source: dict[str, str], field: str) -> None:
    await broadcast_work.keep(visit, work.says(source=source))
    if field:
        to(visit, "field", work, field=field)
    else:
        to(visit, DRAFT, work)


ASKED = {field: f"broadcast.ask.{field}" for field in FIELDS}
PHRASE_KEYS = tuple(ASKED.values())
