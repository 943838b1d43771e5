"""One part of a draft at a time: it is asked for, kept at once, and then the draft is shown again."""

from collections.abc import Awaitable, Callable

from conversations.screens import Said, Screen
from handlers import broadcast_file, broadcast_source, broadcast_topic, broadcast_words, broadcast_work
from handlers.broadcast_ways import DRAFT, gone, to
from handlers.broadcast_work import Work
from handlers.visit import Visit

Ask = Callable[[Visit, Work], Screen]
Take = Callable[[Visit, Work, Said], Awaitable[None]]

FIELDS: dict[str, tuple[Ask, Take]] = {
    **dict.fromkeys(broadcast_words.FIELDS, (broadcast_words.ask, broadcast_words.take)),
    **dict.fromkeys(broadcast_topic.FIELDS, (broadcast_topic.ask, broadcast_topic.take)),
    **dict.fromkeys(broadcast_source.FIELDS, (broadcast_source.ask, broadcast_source.take)),
    **dict.fromkeys(broadcast_file.FIELDS, (broadcast_file.ask, broadcast_file.take)),
}


async def show(visit: Visit) -> Screen:
    """Ask for the part."""
    work = await broadcast_work.find(visit)
    field = str(visit.person.data.get("field"))
    return FIELDS[field][0](visit, work) if work and field in FIELDS else gone(visit)


async def act(visit: Visit, said: Said) -> None:
    """Take what was typed or chosen, or go back."""
    work = await broadcast_work.find(visit)
    field = str(visit.person.data.get("field"))
    if work is None:
        to(visit, "list")
    elif said.action == "back" or field not in FIELDS:
        to(visit, DRAFT, work)
    else:
        await FIELDS[field][1](visit, work, said)
