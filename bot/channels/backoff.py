"""How long to wait before trying a platform again."""

import random


def pause(tries: int, longest: float = 60.0) -> float:
    """Give seconds that double with each try up to `longest`, spread by a third so that many clients do not march."""
    return min(longest, 2.0 ** min(tries, 10)) * random.uniform(0.67, 1.0)
