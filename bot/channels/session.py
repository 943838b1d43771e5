"""The one HTTP client session that all channels share."""

import aiohttp

# Connections to one platform; a request that finds no free one was not sent. Half of them are for answers, taps and
# updates, so that no broadcast (`bot.broadcasting.mail.AT_ONCE`) keeps those waiting.
AT_ONCE = 200
IDLE_SECONDS = 25.0  # below the usual idle limit of gateways, so that a kept connection is seldom a dead one


def open_session(*, fresh: bool = False) -> aiohttp.ClientSession:
    """Open it inside the running loop; whoever opens it closes it. It keeps no cookies and follows no environment.

    With `fresh` every request has a connection of its own: where a request must not be repeated, one that is lost with
    a connection that had died meanwhile would be in doubt for nothing.
    """
    kept = {"force_close": True} if fresh else {"keepalive_timeout": IDLE_SECONDS}
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=AT_ONCE, **kept)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
