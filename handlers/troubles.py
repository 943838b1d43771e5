"""What officers are told of a channel that is down: one calm sentence, for as long as it is."""

from handlers.visit import Visit
from handlers.words import CHANNELS
from locales.formats import local_day, moment, time_of_day
from models.outlets import FACEBOOK


def lines(visit: Visit) -> list[str]:
    """One sentence for each channel that is down."""
    return [
        visit.t(
            "troubles.page" if channel == FACEBOOK else "troubles.down",
            channel=CHANNELS.get(channel, channel),
            since=time_of_day(at) if local_day(at) == visit.today else moment(at, visit.lang),
        )
        for channel, at in sorted(visit.house.down().items())
    ]
