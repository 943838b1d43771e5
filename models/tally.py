"""Counts people by group, question and option: packed, because thousands of groups are counted at once."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence

from models.veil import ANSWERED, Cells, Histogram

Chosen = Mapping[str, Sequence[str]]  # keys of options by question


class Tally:
    """The exact counts of so many groups, in memory alone. What no histogram knows of is not counted."""

    def __init__(self, asked: Mapping[str, Histogram], groups: int) -> None:
        """Begin with nobody in any group."""
        cells = [(question, option) for question, its in asked.items() for option in (ANSWERED, *its.options)]
        self._places: dict[str, dict[str, int]] = {question: {} for question in asked}
        for place, (question, option) in enumerate(cells):
            self._places[question][option] = place
        self._cells = cells
        self._closed = [array("i", bytes(4 * len(cells))) for _ in range(groups)]
        # Answers outside of any list: a group has few of all that there are.
        self._open: dict[str, list[Cells]] = {
            question: [Counter() for _ in range(groups)] for question, its in asked.items() if not its.options
        }

    def add(self, group: int, chosen: Chosen) -> None:
        """Count one person's keys; several of one question count that person once as having answered it."""
        counts = self._closed[group]
        for question, options in chosen.items():
            if question not in self._places:
                continue
            places = self._places[question]
            counts[places[ANSWERED]] += 1
            for option in options if len(options) == 1 else set(options):
                if option in places:
                    counts[places[option]] += 1
                elif question in self._open:
                    self._open[question][group][question, option] += 1

    def of(self, group: int) -> Cells:
        """Give one group's counts."""
        found = Counter(dict(zip(self._cells, self._closed[group], strict=True)))
        for cells in self._open.values():
            found.update(cells[group])
        return found
