"""What a channel is able to show. Channels declare it; nobody guesses from a channel's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Can:
    """`max_text` is the longest message in the channel's own units; longer texts are split by the channel itself."""

    buttons: bool
    edit: bool
    max_text: int
    photo: bool
    document: bool
