"""What each refusal of Facebook's Graph API means for a post: the table from codes to outcomes, and nothing else.

Codes: Graph API, "Handling Errors" and "Rate Limiting". 1 and 2 are Facebook's own troubles and may have come after the
post was made, so they are unknown; what is said of a limit came before it.
"""

import random

from bot.channels.backoff import pause
from bot.channels.facebook_calls import Refusal
from bot.channels.replies import Failed, NotSent, Stranger
from bot.outcomes import Gone, Refused, Throttled, Unknown
from bot.outlets.steps import Step
from models.postings import BLOCKED, DUPLICATE, TOKEN

LIMIT_SECONDS = 900.0  # limits are counted by the hour; Facebook names no moment in the body
DEAD = frozenset({102, 190})  # the token: expired, revoked, of a changed password
SLOW = frozenset({4, 17, 32, 341, 613, 80001})
OURS = frozenset({1, 2})
RIGHTS = frozenset({3, 10, *range(200, 300)})
POLICY, TWICE = 368, 506
BAD_LINK = 1609005  # the address could not be read for a card below the words


def outcome_of(refusal: Refusal) -> Step:
    """Choose the outcome of a refused post."""
    if refusal.code in DEAD:
        return Refused(TOKEN)
    if refusal.code in SLOW:
        return Throttled(LIMIT_SECONDS * random.uniform(0.67, 1.0))
    if refusal.code in RIGHTS:
        return Gone()
    if refusal.code in OURS or refusal.transient:
        return Unknown()
    return Refused({POLICY: BLOCKED, TWICE: DUPLICATE}.get(refusal.code, str(refusal)))


def outcome_of_failure(failure: Failed, tries: int) -> Step:
    """Choose the outcome where Facebook's own answer was not heard: only what did not leave us was surely not posted.

    A gateway's page of 5xx may stand before a post that was made.
    """
    refused = isinstance(failure, Stranger) and 400 <= failure.status < 500
    return Throttled(pause(tries)) if isinstance(failure, NotSent) or refused else Unknown()
