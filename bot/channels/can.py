"""What a channel is able to show. Channels declare it; nobody guesses from a channel's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Can:
    """`max_text` is the longest message in the channel's own units; longer texts are split by the channel itself.

    `erase` is how a chat can be cleared of answers: "recent" (messages by their ids, those of the last two days),
    "page" (a page of ours drops all it shows), "" not at all. `overheard` says that people of the organisation can read
    this chat in the platform's console.
    """

    buttons: bool
    edit: bool
    max_text: int
    photo: bool
    document: bool
    erase: str = ""
    overheard: bool = False
