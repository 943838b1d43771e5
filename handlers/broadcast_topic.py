"""Where a post belongs: its phase, topic and theme; whether it is official words, asks for nothing, or is a slogan."""

from conversations import drafting
from conversations.campaign import Passage
from conversations.posts import of_slogan
from conversations.screens import Choice, Said, Screen
from conversations.text import excerpt
from handlers import broadcast_work, phase_words
from handlers.broadcast_ways import DRAFT, back, distinct, to
from handlers.broadcast_work import Work
from handlers.visit import Visit
from handlers.words import home

FIELDS = ("phase", "topic", "theme", "verbatim", "silent", "slogan")
LABEL = 60


def ask(visit: Visit, work: Work) -> Screen:
    """List what can be chosen."""
    field = str(visit.person.data["field"])
    forced = field == "silent" and drafting.only_published(work.draft, visit.house.pack)
    asked = visit.t("broadcast.silent.forced" if forced else ASKED[field])
    listed = [f"{n}. {each.text}" for n, each in enumerate(visit.house.pack.slogans, 1)] if field == "slogan" else []
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text="\n\n".join((asked, *listed)),
        choices=() if forced else tuple(_choices(visit, work, field)),
        nav=(back(visit), home(visit)),
    )


def _choices(visit: Visit, work: Work, field: str) -> list[Choice]:
    pack = visit.house.pack
    if field == "phase":
        return [Choice(f"set:{each.id}", phase_words.name(visit, each)) for each in pack.phases]
    if field == "topic":
        return _passages(visit, drafting.phase_of(work.draft, pack).topics, bool(work.draft.get("topic")))
    if field == "theme":
        return _passages(visit, pack.themes, bool(work.draft.get("theme")))
    if field == "slogan":
        labels = distinct(excerpt(each.text, LABEL) for each in pack.slogans)
        named = zip(pack.slogans, labels, strict=True)
        slogans = [Choice(f"set:{each.id}", label, full=each.text) for each, label in named]
        none = [Choice("none", visit.t("broadcast.slogan.none"))] if work.draft.get("slogan") else []
        return [*slogans, *none]
    return [Choice("set:yes", visit.t(YES[field])), Choice("none", visit.t(NO[field]))]


def _passages(visit: Visit, passages: tuple[Passage, ...], chosen: bool) -> list[Choice]:
    found = [Choice(f"set:{each.id}", each.short_title.in_(visit.lang)) for each in passages]
    return [*found, Choice("none", visit.t("broadcast.none-of-them"))] if chosen else found


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Keep what was chosen; another phase has other topics, so its topic is asked for next."""
    field, value = str(visit.person.data["field"]), said.action.removeprefix("set:")
    chosen = value if said.action.startswith("set:") else None
    if field == "phase" and chosen:
        await _phase(visit, work, chosen)
        return
    if field == "slogan":
        await _slogan(visit, work, chosen)
    elif field in FLAGS:
        await broadcast_work.keep(visit, work.says(**{FLAGS[field]: True if chosen else None}))
    elif chosen or said.action == "none":
        await broadcast_work.keep(visit, _placed(visit, work, field, chosen))
    to(visit, DRAFT, work)


async def _phase(visit: Visit, work: Work, chosen: str) -> None:
    if chosen == work.draft.get("phase"):
        to(visit, DRAFT, work)
        return
    await broadcast_work.keep(visit, work.says(phase=chosen, topic=None))
    if work.draft.get("slogan"):
        to(visit, DRAFT, work)
    else:
        to(visit, "field", work, field="topic")


def _placed(visit: Visit, work: Work, field: str, chosen: str | None) -> Work:
    placed = work.says(**{field: chosen})
    if field == "theme" and drafting.only_published(placed.draft, visit.house.pack):
        visit.notice(visit.t("broadcast.silent.forced"))
        return placed.says(publish_only=True)
    return placed


async def _slogan(visit: Visit, work: Work, chosen: str | None) -> None:
    pack = visit.house.pack
    slogan = next((each for each in pack.slogans if each.id == chosen), None)
    phase = str(work.draft.get("phase"))
    if slogan:
        where = {name: work.draft.get(name) for name in ("topic", "theme", "publish_only")}
        await broadcast_work.keep(visit, work.says(**{**drafting.started(of_slogan(slogan, pack, phase)), **where}))
    elif chosen is None:
        gone = dict.fromkeys(("slogan", "text", "title", "verbatim"))
        await broadcast_work.keep(visit, work.says(**gone))


FLAGS = {"verbatim": "verbatim", "silent": "publish_only"}
ASKED = {field: f"broadcast.ask.{field}" for field in FIELDS}
YES = {field: f"broadcast.{field}.yes" for field in FLAGS}
NO = {field: f"broadcast.{field}.no" for field in FLAGS}
PHRASE_KEYS = (*ASKED.values(), *YES.values(), *NO.values())
