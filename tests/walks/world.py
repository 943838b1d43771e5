"""What all people of a walk share, how long they wait, and what is counted."""

from collections import Counter
from dataclasses import dataclass, field

from conversations.questions import Questionnaire


class Stuck(Exception):
    """A person waited in vain."""


class Unanswered(Exception):
    """Nothing came, so the person asked where they stood, and was shown it."""


@dataclass
class World:
    """What all share, and what is counted: `kills` so far, messages shown twice in a row by (kill, person).

    `asks_after` are the seconds without an answer after which somebody types again, where a platform may lose what was
    said (0 is never), and `asked` how often that was.
    """

    forms: dict[str, Questionnaire]
    patience: float = 30.0
    think: float = 0.0
    double: float = 0.0  # the share of taps that come twice
    taps_again_after: float = 0.0  # seconds after which somebody taps once more; 0 is never
    asks_after: float = 0.0
    kills: int = 0
    steps: int = 0
    again: int = 0
    asked: int = 0
    repeats: Counter[tuple[int, int]] = field(default_factory=Counter)
    disordered: list[str] = field(default_factory=list)
