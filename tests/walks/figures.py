"""How long people waited, told briefly."""

from collections.abc import Sequence


def quickness(waits: Sequence[float]) -> str:
    """The median and the 95th of a hundred, in milliseconds."""
    ordered = sorted(waits)
    if not ordered:
        return "nothing"
    half, most = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
    return f"{1000 * half:.0f}/{1000 * most:.0f} ms (p50/p95)"
