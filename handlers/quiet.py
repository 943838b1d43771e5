"""When people may be written to of our own accord. What answers them is never held back."""

from datetime import datetime, time, timedelta

from conversations.packs import Pack
from locales.formats import VIETNAM


def quiet(at: datetime, pack: Pack) -> bool:
    """Tell whether a moment lies in the quiet hours of a pack; their last hour is over at its full stroke."""
    since, until, hour = pack.quiet.since, pack.quiet.until, at.astimezone(VIETNAM).hour
    return since <= hour < until if since < until else hour >= since or hour < until


def awake(at: datetime, pack: Pack) -> datetime:
    """Give the first moment from `at` on that is not quiet: `at` itself, or the end of the quiet hours it lies in."""
    if not quiet(at, pack):
        return at
    here = at.astimezone(VIETNAM)
    end = datetime.combine(here.date(), time(pack.quiet.until), VIETNAM)
    return end if end > here else end + timedelta(days=1)
