"""Logs as JSON lines: time, level, place, and the product's own words. Never a word of a person, never a secret."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.redact import Redact, quiet_libraries

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """One JSON object a line; what was given as `extra` stands beside the message, each secret blackened there too."""

    def __init__(self, redact: Redact) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Write the record. An exception is told by its type and place, not by its message, which may quote people."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: str(value) for name, value in vars(record).items() if name not in PLAIN},
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = _place(record.exc_info)
        return self._redact.text(json.dumps(line, ensure_ascii=False))


def _place(info: "tuple[type[BaseException], BaseException, object] | tuple[object, ...]") -> str:
    kind, error, trace = info
    while isinstance(error, BaseExceptionGroup):  # of tasks that ran side by side, the first to fail says the most
        error = error.exceptions[0]
        kind, trace = type(error), error.__traceback__
    frames = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")  # type: ignore[attr-defined]
        trace = trace.tb_next  # type: ignore[attr-defined]
    return f"{getattr(kind, '__name__', kind)} at {' > '.join(frames[-4:])}"


def set_up(secrets: Iterable[str]) -> None:
    """Send all logs to standard error as JSON lines with the secrets blackened."""
    handler, redact = logging.StreamHandler(sys.stderr), Redact(secrets)
    handler.setFormatter(Lines(redact))
    handler.addFilter(redact)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    quiet_libraries()
    logging.getLogger("alembic").setLevel(logging.WARNING)
