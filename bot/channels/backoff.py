"""How long to wait before trying a platform again."""

import random

LONGEST_REST = 3600.0  # a single message asks after it: no platform minds that


def pause(tries: int, longest: float = 30.0) -> float:
    """Give seconds that double with each try up to `longest`, spread by a third so that many clients do not march."""
    return min(longest, 2.0 ** min(tries, 10)) * random.uniform(0.67, 1.0)


def prolonged(seconds: float) -> float:
    """Give the rest that a platform asked for and up to a tenth more, at most six seconds; never more than an hour."""
    return min(seconds, LONGEST_REST) + random.uniform(0.0, min(seconds, 60.0) / 10)
