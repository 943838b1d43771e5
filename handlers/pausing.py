"""Why a broadcast stopped, or was ended by the house, in words for officers; kept as a word and what belongs to it."""

from handlers.house import House
from handlers.words import CHANNELS

CAUSES = {
    "rest": "broadcast.paused.rest",  # rest CHANNEL SECONDS: the platform asks for a long rest
    "refused": "broadcast.paused.refused",  # refused CHANNEL WORDING: so many refused that it is no accident
    "silent": "broadcast.paused.silent",  # silent CHANNEL: no answer, again and again
    "plan": "broadcast.paused.plan",  # plan CHANNEL: the month's messages are used, but for those that answers need
    "fault": "broadcast.paused.fault",  # fault CHANNEL KIND: a bug of ours, it cannot be laid out there
    "gone": "broadcast.paused.gone",  # gone CHANNEL: so many not to be reached that it is no accident
    "seal": "broadcast.paused.seal",  # what would be sent is not what was approved
    "phase": "broadcast.paused.phase",  # a slogan's, and its phase is over
    "past": "broadcast.paused.past",  # an occasion of a schedule that was approved after its moment
}
ALONE = ("seal", "phase", "past")  # nothing belongs to them


def why(house: House, lang: str, reason: str) -> str:
    """Say it; an officer's own words stand as they are."""
    cause, _, rest = reason.partition(" ")
    if cause not in CAUSES or (cause not in ALONE and not rest):
        return reason
    channel, _, told = rest.partition(" ")
    minutes = -(-int(told) // 60) if cause == "rest" and told.isdigit() else 0
    values = {"channel": CHANNELS.get(channel, channel), "told": told, "minutes": minutes}
    return house.phrases.say(lang, CAUSES[cause], **values)


PHRASE_KEYS = tuple(CAUSES.values())
