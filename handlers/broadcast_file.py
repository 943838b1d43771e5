"""The picture or the PDF that goes along with a post: sent as a file where the channel can bring it to us.

A file is looked at only because an editor's screen asks for one, and within limits that are checked before anything is
fetched. What a file is, is told by its first bytes.
"""

from conversations.files import MOST_BYTES, PDF, look
from conversations.screens import Choice, Said, Screen
from conversations.stripping import stripped
from handlers import broadcast_work
from handlers.broadcast_ways import DRAFT, back, to
from handlers.broadcast_work import NAME, Work
from handlers.commands import EDITOR
from handlers.visit import Visit
from handlers.words import home
from locales.formats import number
from models import posts
from models.messages import LOST, File, Outbound
from models.posts import Media

FIELDS = ("file",)
KINDS = ("image/png", "image/jpeg", PDF, "")  # "" is told by its bytes
BRINGING = ("telegram", "web")  # the channels that bring us files
MOST, MEGABYTE = MOST_BYTES, 1024 * 1024


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
        takes="file",
    )


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Ask for the words of the picture, or take the files away."""
    if said.action == "alt":
        to(visit, "field", work, field="alt")
        return
    if said.action == "none":
        await broadcast_work.keep(visit, work.says(picture=None, picture_alt=None, document=None))
    to(visit, DRAFT, work)


async def receive(visit: Visit) -> bool:
    """Take a file, or have it fetched, where one is asked for; False where nobody asked: then nobody looks at it."""
    inbound, data = visit.inbound, visit.person.data
    brought = bool(inbound.content) or inbound.media == LOST
    asked = visit.person.talk == NAME and data.get("at") == "field" and data.get("field") in FIELDS
    work = await broadcast_work.find(visit) if asked and visit.agreed else None
    if work is None:
        if not (brought and await broadcast_work.holds(visit, EDITOR)):
            return False
        visit.notice(visit.t("broadcast.file.late"))
        return True
    if inbound.media == LOST:
        visit.notice(visit.t("broadcast.file.lost"))
    elif inbound.content:
        await _keep(visit, work, inbound.content)
    else:
        _ask_for(visit, inbound.file)
    return True


def _ask_for(visit: Visit, file: File | None) -> None:
    if file is None and visit.inbound.sender.channel not in BRINGING:
        visit.notice(visit.t("broadcast.file.elsewhere"))
    elif file is None or file.kind not in KINDS:
        visit.notice(visit.t("broadcast.file.strange"))
    elif file.size > MOST:
        size = number(round(file.size / MEGABYTE, 1), visit.lang)
        visit.notice(visit.t("broadcast.file.large", size=size, most=MOST // MEGABYTE))
    else:
        visit.asides.append(Outbound(visit.inbound.sender, "", fetches=f"{visit.inbound.id} {file.id}"))
        visit.notice(visit.t("broadcast.file.coming"))


async def _keep(visit: Visit, work: Work, content: bytes) -> None:
    seen = look(content)
    content = stripped(content)
    if not (seen.fits and content) or len(content) > MOST:
        visit.notice(visit.t("broadcast.file.strange"))
        return
    name = "tai-lieu.pdf" if seen.kind == PDF else f"hinh.{seen.kind.removeprefix('image/')}"
    digest = await posts.keep_media(visit.conn, Media(seen.kind, name, content))
    if seen.kind == PDF:
        await broadcast_work.keep(visit, work.says(document=digest))
        to(visit, DRAFT, work)
    else:
        await broadcast_work.keep(visit, work.says(picture=digest, picture_alt=None))
        to(visit, "field", work, field="alt")
    visit.notice(visit.t("broadcast.file.kept"))
