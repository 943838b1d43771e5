"""The title, the text and their English versions, as they are typed; too much is refused with the count."""

from conversations import drafting
from conversations.posts import LONGEST, TITLE
from conversations.screens import Choice, Said, Screen
from conversations.text import FIRST
from handlers import broadcast_work
from handlers.broadcast_ways import DRAFT, back, to
from handlers.broadcast_work import Work
from handlers.visit import Visit
from handlers.words import home
from locales.formats import number

EN = "en"
FIELDS = ("title", "text", "english", "english-text", "alt")
# A phone cuts longer messages of its own accord, and sends the rest as another.
CUT = 4000


def ask(visit: Visit, work: Work) -> Screen:
    """Ask for the words of the open field."""
    field = str(visit.person.data["field"])
    kept = _kept(work, field)
    parts = [visit.t(ASKED[field], most=number(_most(field), visit.lang))]
    if visit.person.data.get("more"):
        parts = [visit.t("broadcast.ask.more", n=number(len(kept), visit.lang))]
    elif kept and field in ("text", "english-text"):
        parts.append(visit.t("broadcast.ask.instead", n=number(len(kept), visit.lang)))
    elif kept:
        parts.append(visit.t("broadcast.ask.now", value=kept))
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text="\n\n".join(parts),
        choices=tuple(_choices(visit, field, kept)),
        nav=(back(visit), home(visit)),
        typed=True,
    )


def _choices(visit: Visit, field: str, kept: str) -> list[Choice]:
    more = bool(visit.person.data.get("more"))
    found = [Choice("done", visit.t("broadcast.done"))] if more else []
    if kept and not more and field in ("text", "english-text"):
        found.append(Choice("more", visit.t("broadcast.more")))
    if field in ("english", "english-text") and not more:
        found.append(Choice("none", visit.t("broadcast.no-english")))
    return found


def _most(field: str) -> int:
    return {"title": TITLE, "english": TITLE, "alt": drafting.ALT}.get(field, LONGEST)


def _kept(work: Work, field: str) -> str:
    name, lang = KEPT[field]
    return str((work.draft.get(name) or {}).get(lang, ""))


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Keep the words, or say how much too long they are."""
    field = str(visit.person.data["field"])
    if said.action == "more":
        to(visit, "field", work, field=field, more=True)
    elif said.action == "none":
        await _without_english(visit, work)
    elif said.text:
        await _typed(visit, work, field, said.text)
    else:
        _on(visit, work, field)


async def _without_english(visit: Visit, work: Work) -> None:
    texts = {name: {FIRST: work.draft.get(name, {}).get(FIRST, "")} for name in ("title", "text") if name in work.draft}
    await broadcast_work.keep(visit, work.says(**texts))
    to(visit, DRAFT, work)


async def _typed(visit: Visit, work: Work, field: str, typed: str) -> None:
    more = bool(visit.person.data.get("more"))
    told = drafting.line(typed) if field in ("title", "english", "alt") else drafting.tidy(typed)
    whole = f"{_kept(work, field)}\n{told}" if more else told
    if not told:
        return
    if len(whole) > _most(field):
        most, n = (number(each, visit.lang) for each in (_most(field), len(whole)))
        visit.notice(visit.t("broadcast.too-long", most=most, n=n))
        return
    name, lang = KEPT[field]
    await broadcast_work.keep(visit, work.says(**{name: {**(work.draft.get(name) or {}), lang: whole}}))
    if field in ("text", "english-text") and (more or len(told) >= CUT):
        to(visit, "field", work, field=field, more=True)
    else:
        _on(visit, work, field)


def _on(visit: Visit, work: Work, field: str) -> None:
    """English asks for the title first, then for the text."""
    if field == "english":
        to(visit, "field", work, field="english-text")
    else:
        to(visit, DRAFT, work)


KEPT = {
    "title": ("title", FIRST),
    "text": ("text", FIRST),
    "english": ("title", EN),
    "english-text": ("text", EN),
    "alt": ("picture_alt", FIRST),
}
ASKED = {field: f"broadcast.ask.{field}" for field in FIELDS}
PHRASE_KEYS = tuple(ASKED.values())
