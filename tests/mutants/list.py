"""Every way we know to weaken the product; each has to turn a guarantee red."""

from tests.mutants.audience import AUDIENCE
from tests.mutants.blind import BLIND
from tests.mutants.people import PEOPLE
from tests.mutants.published import PUBLISHED
from tests.mutants.rights import RIGHTS
from tests.mutants.sending import SENDING
from tests.mutants.shown import SHOWN
from tests.mutants.traces import TRACES
from tests.mutants.two_people import TWO_PEOPLE
from tests.mutants.values import VALUES
from tests.mutants.weakening import Weakening
from tests.mutants.wishes import OWN_WISHES

ANSWERS: tuple[Weakening, ...] = (*PEOPLE, *VALUES, *SHOWN, *TRACES, *RIGHTS, *BLIND)
BROADCASTS: tuple[Weakening, ...] = (*TWO_PEOPLE, *AUDIENCE, *SENDING, *OWN_WISHES, *PUBLISHED)
WEAKENINGS: tuple[Weakening, ...] = (*ANSWERS, *BROADCASTS)
