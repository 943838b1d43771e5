"""Choices that stand on many screens, with the words that may be typed for them."""

from collections.abc import Iterable

from conversations.screens import Choice
from handlers.visit import Visit
from locales.vietnamese import fold
from models.messages import Address

# Names of their own, so in no catalogue.
CHANNELS = {"telegram": "Telegram", "web": "Web", "zalo-bot": "Zalo Bot", "zalo-oa": "Zalo", "console": "Console"}
CHANNELS |= {"facebook": "Facebook"}


def home(visit: Visit) -> Choice:
    """Back to the home screen."""
    return Choice("go:start", visit.t("nav.home"), aliases(visit, "nav.home.words"))


def pages(visit: Visit, page: int, last: int) -> tuple[Choice, ...]:
    """Leaf through pages 0 … last; nothing where there is nowhere to go."""
    nav = []
    if page > 0:
        nav.append(Choice("page:prev", visit.t("nav.previous"), aliases(visit, "nav.previous.words")))
    if page < last:
        nav.append(Choice("page:next", visit.t("nav.next"), aliases(visit, "nav.next.words")))
    return tuple(nav)


def turned(visit: Visit, action: str) -> dict[str, object]:
    """The data of the open talk with its page turned."""
    page = int(visit.person.data.get("page") or 0) + (1 if action == "page:next" else -1)
    return {**visit.person.data, "page": max(page, 0)}


def channels(addresses: Iterable[Address]) -> str:
    """Name the channels of addresses, each once."""
    return ", ".join(dict.fromkeys(CHANNELS.get(at.channel, at.channel) for at in addresses))


def accounts(addresses: Iterable[Address]) -> str:
    """Name each address with the channel's own name for the person, exactly as it is kept."""
    return ", ".join(f"{CHANNELS.get(at.channel, at.channel)} ({at.user})" for at in addresses)


def aliases(visit: Visit, key: str) -> tuple[str, ...]:
    """The typed forms of a catalogue's list `a|b|c`, folded."""
    return tuple(fold(word) for word in visit.t(key).split("|"))
