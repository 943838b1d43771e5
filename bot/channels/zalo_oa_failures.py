"""What each refusal of the Official Account API means: the table from codes to outcomes, and nothing else.

Codes as Zalo documents them for openapi.zalo.me. A refusal comes under HTTP 200 with `error` other than 0. Codes that
circulate with other meanings are not believed: -214 is an article in the making, -204 a disabled account.
"""

import random
from datetime import datetime, time, timedelta

from bot.channels.backoff import pause
from bot.channels.replies import Failed, Lost
from bot.outcomes import Closed, Gone, Outcome, Refused, Throttled, Unknown
from locales.formats import VIETNAM

CLOSED_SECONDS = 300.0  # how long the channel rests when only a person can help
QUOTA_SECONDS = 900.0
MORNING = time(6, 5)  # Zalo's night ends at 6

TOKEN = frozenset({-216, -220})  # not valid, expired or removed: buys one refresh
BUTTONS = -233  # the kind of message is not supported
PROCESSING = -214  # an article in the making

GONE, SHUT, SLOW, QUOTA, NIGHT, HUMAN, NOT_THIS = "gone", "shut", "slow", "quota", "night", "human", "not this"
MEANINGS = {
    -32: SLOW,  # too many calls a minute
    -100: NOT_THIS,  # an attachment has expired
    -200: NOT_THIS,
    -201: NOT_THIS,  # a field is not valid
    -204: HUMAN,  # the account is disabled
    -205: HUMAN,
    -209: HUMAN,  # the app is not active, or not registered for this
    -210: NOT_THIS,
    -211: QUOTA,
    -212: HUMAN,
    -213: GONE,  # does not follow the account: has left, as by `unfollow`
    -216: HUMAN,  # the token, after a refresh
    -217: NOT_THIS,  # blocked invitations: the person is there
    -218: NOT_THIS,  # has had all that a day allows
    -219: HUMAN,
    -220: HUMAN,
    -221: HUMAN,  # the account is not verified
    -223: HUMAN,  # not authorized
    -224: HUMAN,  # needs a higher package
    -227: NOT_THIS,  # inactive for 45 days or banned: may come back, so the record is left to its own limits
    -230: SHUT,  # has not written for 7 days
    -232: SHUT,
    -233: NOT_THIS,
    -234: NIGHT,
    -235: HUMAN,
    -240: HUMAN,
    -242: HUMAN,
    -244: NOT_THIS,  # does not want this kind of message: the person is there
    -248: NOT_THIS,  # against the platform's rules: this message, not the account
    -249: NOT_THIS,
    -305: SHUT,  # older names of the same two
    -311: SHUT,
    -320: HUMAN,  # needs a paying account
    -321: HUMAN,
}


class Refusal(Exception):
    """Zalo's own no. `field` names what is not valid, where it says so; never anything that was sent."""

    def __init__(self, code: int, field: str = "") -> None:
        super().__init__(f"error {code} {field}".strip())
        self.code, self.field = code, field


def meaning(refusal: Refusal) -> str:
    """Give what a refusal means; an unknown code is about this message, or it would be sent for ever."""
    return MEANINGS.get(refusal.code, NOT_THIS)


def outcome_of(refusal: Refusal, tries: int, at: datetime) -> Outcome:
    """Choose the outcome of a refused send `at` a moment; `tries` counts failures in a row and lengthens the rest."""
    kind = meaning(refusal)
    waits = {
        SLOW: pause(tries),
        QUOTA: QUOTA_SECONDS * random.uniform(0.67, 1.0),
        NIGHT: until_morning(at),
        HUMAN: CLOSED_SECONDS,
    }
    if kind in waits:
        return Throttled(waits[kind])
    if kind in (GONE, SHUT):
        return Gone() if kind == GONE else Closed()
    return Refused(str(refusal))


def outcome_of_failure(failure: Failed, tries: int) -> Outcome:
    """Choose the outcome where Zalo's own answer was not heard. A gateway's page says that Zalo did not take it."""
    return Unknown() if isinstance(failure, Lost) else Throttled(pause(tries))


def until_morning(at: datetime) -> float:
    """Give the seconds until something may be sent again after the night."""
    here = at.astimezone(VIETNAM)
    morning = datetime.combine(here.date(), MORNING, VIETNAM)
    return ((morning if morning > here else morning + timedelta(days=1)) - here).total_seconds()
