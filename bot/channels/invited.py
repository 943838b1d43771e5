"""Invitations on platforms whose links cannot carry one: the token comes typed, or as the pasted link of the web."""

import re

START = re.compile(r"/start(?:\s+(?:([A-Za-z0-9_-]{1,64})\s*|.*))?", re.ASCII | re.DOTALL)
LINK = re.compile(r"\s*(?:https?://)?[^\s/]+(?:/[^\s/]+)*/join/([A-Za-z0-9_-]{1,64})/?\s*", re.ASCII)


def invitation(text: str) -> str:
    """Give the token of `/start TOKEN` or of a message that is a join link and nothing else; "" for other words."""
    found = START.fullmatch(text) or LINK.fullmatch(text[:500])
    return (found[1] or "") if found else ""
