"""The picture or the PDF that goes along with a post: sent as a file where the channel can bring it to us."""

from conversations.screens import Choice, Said, Screen
from handlers import broadcast_work
from handlers.broadcast_ways import DRAFT, back, to
from handlers.broadcast_work import Work
from handlers.visit import Visit
from handlers.words import home

FIELDS = ("file",)


def ask(visit: Visit, work: Work) -> Screen:
    """Ask for the file, and offer to take away what is there."""
    choices = [Choice("alt", visit.t("broadcast.file.alt"))] if work.draft.get("picture") else []
    if work.draft.get("picture") or work.draft.get("document"):
        choices.append(Choice("none", visit.t("broadcast.file.none")))
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text=visit.t("broadcast.ask.file"),
        choices=tuple(choices),
        nav=(back(visit), home(visit)),
    )


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Ask for the words of the picture, or take the files away."""
    if said.action == "alt":
        to(visit, "field", work, field="alt")
        return
    if said.action == "none":
        await broadcast_work.keep(visit, work.says(picture=None, picture_alt=None, document=None))
    to(visit, DRAFT, work)
