"""The channel "console": the conversation on a terminal, in words and numbers, as on any channel without buttons."""

from bot.channels.can import Can
from bot.channels.in_words import in_words

NAME = "console"
can = Can(buttons=False, edit=False, max_text=100_000, photo=False, document=False)
render = in_words
