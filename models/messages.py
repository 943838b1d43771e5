"""The shared words: what comes in, what goes out. Knows nobody, decides nothing, stores nothing."""

from dataclasses import dataclass
from datetime import datetime

LOST = "lost"  # `Inbound.media` of a file that was asked for and could not be had
TAP_BYTES = 64  # the smallest platform limit (Telegram callback_data), so it is everybody's


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be reached: a channel's name and that channel's own name for the person."""

    channel: str
    user: str


@dataclass(frozen=True, slots=True)
class File:
    """What a person sent that is not text, by the channel's own id; its content is fetched only where a screen asks.

    `kind` is the MIME type as the platform says it ("" where it says none), `size` in bytes (0: not told).
    """

    id: str
    name: str = ""
    kind: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A public place on a channel (a Telegram channel or group) that somebody let us post to, or took us out of.

    `kind` is "channel" or "group"; `moved_to` is its new id where the platform gave it one.
    """

    id: str
    title: str
    kind: str
    may_post: bool
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with a message: its name, its bytes, its MIME type."""

    name: str
    data: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that a person did on a channel.

    `id` is unique within the channel, so that a redelivery is known; `at` is an aware UTC time, and the only "now"
    that handlers see. Exactly one of these says what happened: `text` (typed), `tap` (a button's `tap`), `start` (the
    token of an invitation), `media` (what was sent that is not text: "photo", "document", "location" ...; its content
    is never read), `left` (the person blocked us). `screen` is the channel's id of the message that was tapped,
    `message` its id of the person's own message, where the channel could delete that. `done` is when the platform says
    that it happened, where that matters (a window of free replies opens then, however late we hear of it). `file` names
    what was sent where that could be fetched, `content` holds it once it was. `place` is where the sender let us post,
    or no longer does. `refresh` names a screen to be shown anew in place: the house itself asks for that.
    """

    id: str
    sender: Address
    at: datetime
    text: str = ""
    tap: str = ""
    start: str = ""
    media: str = ""
    left: bool = False
    screen: str = ""
    message: str = ""
    done: datetime | None = None
    file: File | None = None
    content: bytes = b""
    place: Place | None = None
    refresh: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be chosen: `tap` comes back as `Inbound.tap` (ASCII, at most 64 bytes).

    `number` is what may be typed instead (0, 1, ...); None marks navigation, which is typed by its word. `chosen` is a
    tick on a list of several (None where ticks make no sense). `url` opens a page instead of coming back. `full` is the
    whole text where the label is shorter, as the message's own text lists it: "3. the whole text" on a line.
    """

    label: str
    tap: str
    number: int | None = None
    chosen: bool | None = None
    style: str = ""  # "" | "primary" | "danger"
    url: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and the words that say the same for people who cannot see it."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to one address: plain text (NFC, no markup), an optional title, buttons in rows.

    `edits` names the screen (`Inbound.screen`) that this message takes the place of, where a channel can. `lane` is
    "live" for what answers a person and "broadcast" for the rest. `forget` asks the channel's own screen to drop what
    it shows (after /forget). `role` (roles with spaces between, or "worker" for none) changes what a channel's own menu
    of commands offers. `shows` names the questionnaires whose answers can be read here. `deletes` are ids of messages
    of this chat that the channel takes away first; with neither title nor text that is all it does. Doing so twice does
    no harm. `fetches` names what asked for a file and the file, with a space between: the channel brings it as an
    inbound with its content, and nothing is shown. `document` goes with the message; `quiet` asks for no sound. What is
    `in_place` is shown in place of `edits` or not at all: nobody asked for it just now. `takes` is "file" where one
    may be sent in answer.
    """

    to: Address
    text: str
    title: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    edits: str = ""
    lane: str = "live"
    banner: str = ""
    forget: bool = False
    role: str = ""
    shows: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    fetches: str = ""
    document: Document | None = None
    quiet: bool = False
    in_place: bool = False
    takes: str = ""
