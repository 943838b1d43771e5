"""Which messages of a chat belong to a questionnaire: their numbers on the platform, packed small. Pure.

They tell when somebody answered, so they live in the sealed record alone and go with it.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

MOST = 200  # the oldest are dropped first: platforms no longer delete old messages anyway


def added(traces: Sequence[int], ids: Iterable[str]) -> tuple[int, ...]:
    """Give the traces with further ids, in their order and each once; an id that is no plain number is passed over."""
    numbers = {int(id) for id in ids if id.isascii() and id.isdigit()}
    return tuple(sorted(numbers.union(traces))[-MOST:])


def packed(traces: Sequence[int]) -> list[int]:
    """Give the first number and the distances after it, which are short."""
    return [*traces[:1], *(after - before for before, after in pairwise(traces))]


def unpacked(distances: Iterable[int]) -> tuple[int, ...]:
    """Read what `packed` wrote."""
    return tuple(accumulate(distances))
