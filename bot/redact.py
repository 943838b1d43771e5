"""Keeps secrets out of the log: a filter for every handler, whatever library wrote the line."""

import logging
from collections.abc import Iterable
from urllib.parse import quote

SHORTEST = 4  # shorter "secrets" would blacken ordinary words
STARTLED = "aiohttp.server"  # calls every stranger's broken request an error; our own bugs are told by `bot.web`
CHATTY = ("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio")  # they log addresses or bodies below WARNING


class Redact(logging.Filter):
    """Replaces each of `secrets` (also as it looks inside a URL) in messages, stacks and exceptions.

    Put it on handlers, not on loggers: a logger's filter does not see what its children log. A record whose exception
    names a secret keeps the blackened traceback as text and loses the exception itself.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        kept = {secret for secret in secrets if len(secret) >= SHORTEST}
        forms = kept | {quote(secret, safe="") for secret in kept}
        self._forms = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Blacken one text; formatters that build their own lines pass them through here."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, "[secret]")
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Blacken the record in place and let it pass; it never drops one."""
        said = record.getMessage()
        shown = self.text(said)
        if shown != said:
            record.msg, record.args = shown, ()
        if record.exc_info:
            told = logging.Formatter().formatException(record.exc_info)
            shown = self.text(told)
            if shown != told:
                record.exc_text, record.exc_info = shown, None
        if record.stack_info:
            record.stack_info = self.text(record.stack_info)
        return True


def quiet_libraries() -> None:
    """Let chatty libraries speak from WARNING up: below it they log tokens (httpx) and people's texts (telegram)."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(STARTLED).setLevel(logging.CRITICAL)
