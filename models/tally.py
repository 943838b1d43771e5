"""Counts people by group, question and option: packed, because thousands of groups are counted at once."""

from array import array
from collections import Counter
from collections.abc import Mapping

from models.veil import ANSWERED, Cells, Histogram

Chosen = Mapping[str, tuple[str, ...]]  # keys of options by question
REMEMBERED = 50_000  # answers whose places are remembered


class Tally:
    """The exact counts of so many groups, in memory alone. What no histogram knows of is not counted."""

    def __init__(self, asked: Mapping[str, Histogram], groups: int) -> None:
        """Begin with nobody in any group."""
        cells = [(question, option) for question, its in asked.items() for option in (ANSWERED, *its.options)]
        self._places: dict[str, dict[str, int]] = {question: {} for question in asked}
        for place, (question, option) in enumerate(cells):
            self._places[question][option] = place
        self._cells = cells
        self._known: dict[tuple[str, tuple[str, ...]], tuple[int, ...]] = {}
        self._closed = [array("i", bytes(4 * len(cells))) for _ in range(groups)]
        # Answers outside of any list: a group has few of all that there are.
        self._open: dict[str, list[Cells]] = {
            question: [Counter() for _ in range(groups)] for question, its in asked.items() if not its.options
        }

    def add(self, group: int, chosen: Chosen) -> None:
        """Count one person's keys; several of one question count that person once as having answered it."""
        counts, known = self._closed[group], self._known
        for asked in chosen.items():
            places = known.get(asked)
            if places is None:
                places = self._placed(*asked)
            for place in places:
                counts[place] += 1
        for question in self._open.keys() & chosen.keys():
            self._open[question][group].update((question, option) for option in set(chosen[question]))

    def _placed(self, question: str, options: tuple[str, ...]) -> tuple[int, ...]:
        """Where an answer counts; remembered, since a closed list has few answers that many people give."""
        places = self._places.get(question)
        if places is None:
            return ()
        found = (places[ANSWERED], *(places[option] for option in set(options) if option in places))
        if question not in self._open and len(self._known) < REMEMBERED:
            self._known[question, options] = found
        return found

    def of(self, group: int) -> Cells:
        """Give one group's counts."""
        found = Counter(dict(zip(self._cells, self._closed[group], strict=True)))
        for cells in self._open.values():
            found.update(cells[group])
        return found
