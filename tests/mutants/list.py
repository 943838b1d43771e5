"""Every way we know to weaken the product; each has to turn a guarantee red."""

from tests.mutants.weakening import Weakening

WEAKENINGS: tuple[Weakening, ...] = ()
