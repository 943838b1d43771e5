"""Chance that hides one person in a count: the discrete Laplace distribution, drawn exactly, in whole numbers alone.

Method: Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy" (2020), algorithms 1 and 2. The
sampler touches no floating-point number, whose rounding could tell the true count. Chance comes as a function `below`:
`below(n)` gives a whole number from 0 to n - 1, each as likely as the others (in a running house `secrets.randbelow`).
"""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

Below = Callable[[int], int]
LOT = 1024  # bytes


def scale_of(epsilon: Fraction, most: int) -> Fraction:
    """The scale of the noise of a question where one person counts in up to `most` options.

    One person who answers differently changes its counts, with the count of who answered at all, by at most 2 x
    `most` in sum; so no person's answer changes the odds of any outcome by more than e to the power of `epsilon`.
    """
    return 2 * most / epsilon


def drawn(scale: Fraction, below: Below) -> int:
    """Draw a whole number x with a probability in proportion to exp(-|x| / scale). Refuses a scale that is not > 0."""
    parts, per_one = scale.as_integer_ratio()
    if parts <= 0:
        raise ValueError(f"noise needs a scale above 0, not {scale}")
    while True:
        rest = below(parts)
        if not _happens(rest, parts, below):
            continue
        whole = 0
        while _happens(1, 1, below):
            whole += 1
        size = (rest + parts * whole) // per_one
        negative = below(2)
        if size or not negative:  # zero has one sign, or it would come twice as often
            return -size if negative else size


def _happens(part: int, of: int, below: Below) -> bool:
    """True with the probability exp(-part / of), for 0 <= part <= of."""
    tries = 1
    while below(of * tries) < part:
        tries += 1
    return tries % 2 == 1


def lots(below: Below) -> Below:
    """Draw small lots out of large ones, since one draw of noise takes a dozen: 1,024 bytes of `below` at once."""
    at_hand: Iterator[int] = iter(b"")

    def small(n: int) -> int:
        nonlocal at_hand
        if n == 1:
            return 0
        if n > 256:
            return below(n)
        even = 256 - 256 % n  # a byte from there on would make the first numbers likelier
        while True:
            for byte in at_hand:
                if byte < even:
                    return byte % n
            at_hand = iter(below(1 << 8 * LOT).to_bytes(LOT, "big"))

    return small


def variance(scale: Fraction) -> float:
    """The variance of one draw; 0 where nothing is drawn (a scale of 0)."""
    if not scale:
        return 0.0
    decay = math.exp(-1 / scale)
    return 2 * decay / (1 - decay) ** 2


def margin(variance_in_all: float) -> int:
    """By how many people a sum with this variance is off at most, 95 times of 100."""
    return math.ceil(2 * math.sqrt(variance_in_all))
