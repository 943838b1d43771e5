"""What stands in a post, line by line: where it belongs, what it is called, how it begins, where it comes from."""

from conversations import drafting
from conversations.drafting import Draft
from conversations.text import FIRST, excerpt
from handlers import phase_words
from handlers.broadcast_preview import counted
from handlers.broadcast_work import Work
from handlers.visit import Visit
from locales.formats import day, number

BEGINNING = 180  # characters of the text that are shown


async def lines(visit: Visit, work: Work) -> list[str]:
    """One line a part; what is not there yet is said to be missing."""
    pack, draft = visit.house.pack, work.draft
    phase = drafting.phase_of(draft, pack)
    topic = next((each.short_title.in_(visit.lang) for each in phase.topics if each.id == draft.get("topic")), "")
    theme = next((each.short_title.in_(visit.lang) for each in pack.themes if each.id == draft.get("theme")), "")
    told = {
        "phase": phase_words.name(visit, phase),
        "topic": topic,
        "theme": theme,
        "title": draft.get("title", {}).get(FIRST, ""),
        "text": await _text(visit, work),
        "source": _source(visit, draft),
    }
    return [visit.t(LINES[name], value=value or visit.t("broadcast.nothing")) for name, value in told.items()] + _marks(
        visit, draft
    )


async def _text(visit: Visit, work: Work) -> str:
    text = str(work.draft.get("text", {}).get(FIRST, ""))
    if not text:
        return ""
    n, messages = number(len(text), visit.lang), await counted(visit, work)
    size = visit.t("broadcast.text.size", n=n, messages=messages) if messages else visit.t("broadcast.text.length", n=n)
    return f"{excerpt(text, BEGINNING)} ({size})"


def _source(visit: Visit, draft: Draft) -> str:
    source = draft.get("source", {})
    date = day(drafting.dated(source["date"]), visit.lang) if source.get("date") else ""
    return ", ".join(part for part in (source.get("issuer", ""), source.get("number", ""), date) if part)


def _marks(visit: Visit, draft: Draft) -> list[str]:
    found = [visit.t("broadcast.has.english")] if draft.get("text", {}).get("en") else []
    found += [visit.t("broadcast.has.verbatim")] if draft.get("verbatim") else []
    if draft.get("publish_only"):
        found.append(visit.t("broadcast.has.silent"))
    if draft.get("picture"):
        alt = draft.get("picture_alt") or {}
        found.append(visit.t("broadcast.has.picture", alt=excerpt(alt.get(FIRST, "–"), 80)))
    found += [visit.t("broadcast.has.document")] if draft.get("document") else []
    found += [visit.t("broadcast.has.slogan")] if draft.get("slogan") else []
    return found


LINES = {name: f"broadcast.line.{name}" for name in ("phase", "topic", "theme", "title", "text", "source")}
PHRASE_KEYS = tuple(LINES.values())
