"""Every way we know to weaken the product; each has to turn a guarantee red."""

from tests.mutants.blind import BLIND
from tests.mutants.people import PEOPLE
from tests.mutants.rights import RIGHTS
from tests.mutants.shown import SHOWN
from tests.mutants.traces import TRACES
from tests.mutants.values import VALUES
from tests.mutants.weakening import Weakening

WEAKENINGS: tuple[Weakening, ...] = (*PEOPLE, *VALUES, *SHOWN, *TRACES, *RIGHTS, *BLIND)
