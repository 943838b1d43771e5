"""Who we are, why we ask, what is kept, who sees what: before the first question, and again when that changes.

A guest's no leaves nothing behind. The no of somebody of whom things are kept leads to /forget, which asks once more.
"""

from datetime import date

from conversations.screens import Choice, Said, Screen
from handlers import arrival, consent_text, passing
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import aliases
from locales.formats import day, local_day
from models import consents


async def show(visit: Visit) -> Screen:
    """The whole notice on one screen, with nothing chosen beforehand; what has changed is said first."""
    pack = visit.house.pack
    visit.change(data={**visit.person.data, "read": visit.house.consent.version})
    # What is said of this channel alone stands beside the text that people agree to, which is one for all channels.
    beside = passing.remark(visit.house, visit.inbound.sender.channel, visit.t)
    text = "\n\n".join(part for part in (beside, consent_text.body(pack, visit.lang, visit.t)) if part)
    return Screen(
        title=consent_text.title(pack, visit.lang, visit.t),
        text=text if visit.guest else f"{await _changed(visit)}\n\n{text}",
        choices=(
            Choice("yes", visit.t("consent.yes"), style="primary"),
            Choice("no", visit.t("consent.no")),
        ),
        nav=(
            Choice("go:privacy", visit.t("privacy.button"), aliases(visit, "command.privacy.words")),
            Choice("go:language", visit.t("language.button"), aliases(visit, "command.language.words")),
        ),
        strict=True,
    )


def was_read(visit: Visit) -> bool:
    """Whether the last screen was this notice, in its words of now."""
    return visit.person.data.get("read") == visit.house.consent.version


async def _changed(visit: Visit) -> str:
    """Since when the text is another one; never earlier than the consent to the one before."""
    known = await consents.first_on(visit.conn, visit.house.consent.version)
    since = date.fromisoformat(known) if known else visit.today
    agreed = visit.person.consented_at
    return visit.t("consent.changed", on=day(max(since, local_day(agreed)) if agreed else since, visit.lang))


async def act(visit: Visit, said: Said) -> None:
    """Keep the consent with its version and time; forget a guest who says no, ask anybody else about /forget."""
    if said.action == "yes":
        await _agree(visit)
    elif visit.guest:
        visit.notice(visit.t("consent.goodbye"))
        visit.forgotten = True
    else:
        visit.notice(visit.t("consent.refused"))
        visit.go("forget")


async def _agree(visit: Visit) -> None:
    again, token = not visit.guest, arrival.waiting(visit)
    joined = visit.person.joined_period or visit.period
    visit.change(consent_version=visit.house.consent.version, consented_at=visit.at, joined_period=joined)
    visit.step = True
    if again and not token:
        _go_on(visit)
    else:
        await arrival.follow(visit, token)


def _go_on(visit: Visit) -> None:
    """Back to where one was when the text had changed."""
    talk, data = visit.person.talk, dict(visit.person.data)
    if back := data.get("back"):
        talk, data = back["talk"], back["data"]
    data.pop("read", None)
    visit.go("start") if talk == "consent" else visit.go(talk, **data)


TALK = Talk("consent", show, act, guests=True)
