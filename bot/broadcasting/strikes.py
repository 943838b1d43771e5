"""When a broadcast stops by itself: so often refused, or without an answer, that it is no accident.

Some people block us, here and there: nothing is wrong with that. Only where nobody at all is reached any more it is the
bot that is another one now, and everybody's subscription would end with a whole broadcast.
"""

from collections import deque
from dataclasses import dataclass, field

from bot.outcomes import Gone, Outcome, Refused, Sent, Throttled, Unknown

IN_A_ROW = 20
LOOKED_BACK = 100  # of so many, more than half
LONG = 300.0  # seconds; whoever is told to wait longer is to think about it


@dataclass(slots=True)
class Strikes:
    """What became of a broadcast's last copies on one channel."""

    _last: deque[bool] = field(default_factory=lambda: deque(maxlen=LOOKED_BACK))
    _row: int = 0
    _gone: int = 0

    def note(self, channel: str, outcome: Outcome) -> str:
        """Learn from one outcome; gives why the broadcast has to stop ("" while it goes on), see `handlers.paused`."""
        match outcome:
            case Throttled(after) if after >= LONG:
                return f"rest {channel} {round(after)}"
            case Gone():
                self._gone += 1
                self._add(False)
                return f"gone {channel}" if self._gone >= IN_A_ROW else ""
            case Sent():
                self._gone = 0
                return self._add(False)
            case Refused(reason):
                return self._add(True) and f"refused {channel} {reason}"
            case Unknown():
                return self._add(True) and f"silent {channel}"
        return ""

    def _add(self, bad: bool) -> str:
        self._last.append(bad)
        self._row = self._row + 1 if bad else 0
        return "stop" if bad and (self._row >= IN_A_ROW or sum(self._last) > LOOKED_BACK / 2) else ""
