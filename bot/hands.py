"""What of one channel's messages is in this process's hands: by person, in order, and never more than some hundred.

What comes when the hands are full stays in the database, and so does all that comes after it until that was claimed: a
platform that is down for a day costs no memory, and nobody's message overtakes an earlier one.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from models.outbox import Letter

MOST = 300

Queue = deque[Letter]


class Hands:
    """The letters held, by user. Empty at first and `behind`: what a dead process left comes before anything new."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept_free = 0
        self._queues: dict[str, Queue] = {}
        self._held: set[int] = set()
        self._left: list[int] = []
        self._ready: asyncio.Queue[tuple[str, Queue]] = asyncio.Queue()
        self.behind = True

    @property
    def held(self) -> list[int]:
        """The ids of all that is held."""
        return sorted(self._held)

    @property
    def busy(self) -> bool:
        """Whether anything is held, or left in the database."""
        return bool(self._held) or self.behind

    @property
    def room(self) -> int:
        """How many more can be held."""
        return self._most - len(self._held) - self._kept_free

    @contextmanager
    def keep_free(self, room: int) -> Iterator[None]:
        """Keep room for what is being claimed; what is offered meanwhile does not take it."""
        self._kept_free = room
        try:
            yield
        finally:
            self._kept_free = 0

    def begin(self) -> None:
        """Line up everybody for whom something is held, with nobody at work on them."""
        self._ready = asyncio.Queue()
        for held in self._queues.items():
            self._ready.put_nowait(held)

    def offer(self, letter: Letter) -> None:
        """Hold a letter that was just committed, or leave it in the database."""
        if letter.id in self._held:
            return
        if self.behind or self.room <= 0:
            self.behind = True
            self._left.append(letter.id)
        else:
            self.hold(letter)

    def left(self) -> list[int]:
        """Give the ids of what was left in the database since it was last asked."""
        left, self._left = self._left, []
        return left

    def leave(self, ids: list[int]) -> None:
        """Count these among what was left."""
        self._left += ids

    def hold(self, letter: Letter) -> None:
        """Hold a letter in its place: what is older goes first, but for the one that is on its way already."""
        if letter.id in self._held:
            return
        self._held.add(letter.id)
        user = letter.outbound.to.user
        queue = self._queues.setdefault(user, deque())
        if not queue:
            self._ready.put_nowait((user, queue))
        place = len(queue)
        while place > 1 and queue[place - 1].id > letter.id:
            place -= 1
        queue.insert(place, letter)

    def caught_up(self) -> None:
        """Say that nothing is left in the database but what came just now."""
        self.behind = bool(self._left)

    async def next(self) -> tuple[str, Queue]:
        """Wait for somebody for whom something is held; nobody else gets the same."""
        return await self._ready.get()

    def holds(self, user: str, queue: Queue) -> bool:
        """Whether the queue is still that user's and holds anything; forgets it when it is empty."""
        if self._queues.get(user) is not queue:
            return False
        if not queue:
            del self._queues[user]
        return bool(queue)

    def done(self, queue: Queue) -> None:
        """Let go of the first letter of a queue."""
        self._held.discard(queue.popleft().id)

    def drop(self, user: str) -> None:
        """Let go of all that is held for a user."""
        for letter in self._queues.pop(user, ()):
            self._held.discard(letter.id)
