"""What can be tapped under a post: to be sent no more of its topic, or to open a questionnaire, or the choice of them.

A post stays in a chat for years and is passed on to others, so such a tap carries nothing but these two wishes: it is
obeyed whatever screen is open, for whoever tapped it, and opens nothing that this person could not open from home.
"""

from dataclasses import replace

from handlers import arrival, settings
from handlers.posting import FORM, OFF, START
from handlers.visit import Visit


def under(tap: str) -> bool:
    """Tell whether a tap was made under a post; those of screens begin with a revision."""
    return tap.startswith((OFF, FORM))


async def obey(visit: Visit) -> None:
    """Do what was tapped. The post stays as it is: what follows is a message of its own."""
    tap = visit.inbound.tap
    # No screen was tapped: none is edited, and no answer is ever cleared away together with the post.
    visit.inbound = replace(visit.inbound, tap="", screen="")
    if tap.startswith(FORM):
        await arrival.arrive(visit, START + tap.removeprefix(FORM))
    elif not visit.guest:
        await settings.end(visit, tap.removeprefix(OFF))
