"""Channels and groups on the fake Telegram: who may post there, and what is refused to a bot that may not.

Wordings are the real server's; that a photo needs the same right as a text is a simplification.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.platforms.telegram_chats import BOT, Chat, Chats
from tests.platforms.telegram_rules import Refusal, bad

A_MINUTE = 20


@dataclass(frozen=True)
class Rights:
    """The bot's standing: a status of the Bot API, and what an administrator of a channel may."""

    status: str = "left"
    may_post: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """As a ChatMember object."""
        told: dict[str, Any] = {"user": BOT, "status": self.status}
        if self.status == "administrator":
            told |= {"can_be_edited": False, "can_manage_chat": True, "can_post_messages": self.may_post}
        if self.status == "restricted":
            told |= {"is_member": True, "can_send_messages": self.may_post}
        return told


OUT, KICKED, MEMBER = Rights(), Rights("kicked"), Rights("member")
POSTS, WATCHES = Rights("administrator", True), Rights("administrator", False)


@dataclass
class Spot:
    """What a place is and what the bot may there."""

    kind: str
    title: str
    rights: Rights = OUT
    moved_to: int = 0
    deleted: bool = False
    posts: list[Any] = field(default_factory=list)


class Place(Chat):
    """A channel, group or supergroup; its id is below zero."""

    def __init__(self, id: int, kind: str, title: str) -> None:
        super().__init__(id)
        self.spot = Spot(kind, title)

    @property
    def place(self) -> dict[str, Any]:
        """The place as a Chat object."""
        return {"id": self.user, "type": self.spot.kind, "title": self.spot.title}

    def check(self) -> None:
        """Let the bot post, or refuse as Telegram does."""
        spot = self.spot
        if spot.moved_to:
            raise Refusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=spot.moved_to
            )
        if spot.deleted:
            raise Refusal(403, "Forbidden: the group chat was deleted")
        named = "channel" if spot.kind == "channel" else spot.kind
        if spot.rights.status == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {named} chat")
        if spot.rights.status == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {named} chat")
        if spot.kind == "channel" and not (spot.rights.status == "administrator" and spot.rights.may_post):
            raise bad("need administrator rights in the channel chat")
        if spot.rights.status == "restricted" and not spot.rights.may_post:
            raise bad("not enough rights to send text messages to the chat")


def opened(chats: Chats, id: int, kind: str = "channel", title: str = "Công đoàn Sơn La") -> Place:
    """Give a place, new or known."""
    place = chats.place(id) or Place(id, kind, title)
    assert isinstance(place, Place)
    chats.add(place)
    return place


def grant(chats: Chats, place: Place, by: int, rights: Rights) -> None:
    """Somebody changes what the bot may in a place."""
    old, place.spot.rights = place.spot.rights, rights
    who = chats.known(by).person
    told = {"chat": place.place, "from": who, "date": int(chats.clock.now())}
    members = {"old_chat_member": old.told, "new_chat_member": rights.told}
    chats.updates.add("my_chat_member", f"b{place.user}", told | members)


def upgrade(chats: Chats, place: Place, new_id: int, by: int) -> Place:
    """A group becomes a supergroup: the old id works no more, and the group says so."""
    new = opened(chats, new_id, "supergroup", place.spot.title)
    new.spot.rights, place.spot.moved_to = place.spot.rights, new_id
    service = {"message_id": chats.next_message(), "from": chats.known(by).person, "chat": place.place}
    told = service | {"date": int(chats.clock.now()), "migrate_to_chat_id": new_id}
    chats.updates.add("message", f"m{place.user}", told)
    return new


def chatter(chats: Chats, place: Place, by: int, text: str) -> None:
    """Somebody says something in a place, where a bot hears it."""
    kind = "channel_post" if place.spot.kind == "channel" else "message"
    who = {} if kind == "channel_post" else {"from": chats.known(by).person}
    told = {"message_id": chats.next_message(), "chat": place.place, "date": int(chats.clock.now()), "text": text}
    chats.updates.add(kind, f"m{place.user}", told | who)
