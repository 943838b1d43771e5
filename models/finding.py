"""What an examination of the database says of one guarantee. Evidence tells of groups and figures, never of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.buckets import bucket


class Verdict(StrEnum):
    """What may be said of a guarantee by looking at a live database."""

    BROKEN = "BROKEN"
    HOLDS = "HOLDS"
    NOTHING_YET = "NOTHING YET"
    BY_TESTS = "BY TESTS"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: the number of its guarantee (1 to 20), the verdict, and a clause that says by what it was reached."""

    guarantee: int
    verdict: Verdict
    evidence: str


def judged(guarantee: int, faults: Iterable[str], evidence: str) -> Finding:
    """Give BROKEN with the faults that are not empty, or HOLDS with the evidence where there is none."""
    return next(iter(broken(guarantee, *faults)), Finding(guarantee, Verdict.HOLDS, evidence))


def broken(guarantee: int, *faults: str) -> list[Finding]:
    """Give BROKEN with the faults that are not empty, and nothing at all where there is none."""
    found = [fault for fault in faults if fault]
    return [Finding(guarantee, Verdict.BROKEN, "; ".join(found))] if found else []


def nothing(guarantee: int, evidence: str) -> Finding:
    """There is nothing yet that could break it."""
    return Finding(guarantee, Verdict.NOTHING_YET, evidence)


def counted(number: int | None, words: str) -> str:
    """Say a fault with its number of groups or figures; "" for none."""
    return f"{number:,} {words}" if number else ""


def people(number: int | None, words: str) -> str:
    """Say a fault with its number of people, as coarsely as anything is said of people; "" for none."""
    return f"{bucket(number)} {words}" if number else ""


def together(findings: Iterable[Finding]) -> dict[int, Finding]:
    """Give one finding a guarantee: the gravest verdict, with the evidence of all that reached it."""
    order = list(Verdict)
    found: dict[int, Finding] = {}
    for one in findings:
        other = found.get(one.guarantee)
        if other is None or order.index(one.verdict) < order.index(other.verdict):
            found[one.guarantee] = one
        elif one.verdict is other.verdict:
            found[one.guarantee] = Finding(one.guarantee, one.verdict, f"{other.evidence}; {one.evidence}")
    return dict(sorted(found.items()))
