"""What each failure of a Zalo Bot means: the table from refusals and lost answers to outcomes, and nothing else.

Codes as third parties saw them: 401 (403) a bad token, 408 a poll that ended with nothing, 429 a quota that is used up,
without a time to wait. The whole table of the platform was never read, so any other refusal is taken for the message's.
"""

from bot.channels.backoff import pause
from bot.channels.replies import Failed, Lost, Stranger
from bot.outcomes import Outcome, Refused, Throttled, Unknown

CLOSED_SECONDS = 300.0  # how long the channel rests when Zalo does not know our token
SPENT_TRIES = 6  # refusals for the quota, with growing rests between them: this one will not pass within minutes
SPENT_SECONDS = 900.0
NO_TOKEN, TIMED_OUT, QUOTA = (401, 403), 408, 429


class Denied(Exception):
    """Zalo answered and will not: `ok` is false. Its own words are not kept, since they may repeat a person's."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


Failure = Denied | Failed


def outcome_of(failure: Failure, tries: int = 1) -> Outcome:
    """Choose the outcome of a failed send; `tries` counts failures in a row and lengthens the rest."""
    if isinstance(failure, Lost) or code_of(failure) == TIMED_OUT:
        return Unknown()
    if isinstance(failure, Denied) and failure.code not in (*NO_TOKEN, QUOTA) and failure.code < 500:
        return Refused(str(failure))
    return Throttled(rest_after(failure, tries))


def rest_after(failure: Failure, tries: int = 1) -> float:
    """Give the seconds to leave Zalo alone after this failure."""
    code = code_of(failure)
    if code in NO_TOKEN and isinstance(failure, Denied):
        return CLOSED_SECONDS
    return SPENT_SECONDS if code == QUOTA and tries >= SPENT_TRIES else pause(tries)


def code_of(failure: Failure) -> int:
    """Give the code that Zalo, or somebody on the way, answered with; 0 where nobody did."""
    match failure:
        case Denied(code=code) | Stranger(status=code):
            return int(code)
        case _:
            return 0
