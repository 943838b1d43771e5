"""Somebody comes by a token: a unit's link or QR code, an officer's invitation, a link from a post or another chat.

The token is opaque and is looked up here each time; an unknown one opens the home screen and is not repeated back.
"""

from base64 import b64decode, b64encode

from handlers import passing
from handlers.posting import ANY, START
from handlers.visit import Visit
from models import joining, officers, passage
from models.keys import KeyLost
from models.periods import open_period


async def arrive(visit: Visit, token: str) -> None:
    """Open what the token leads to. Somebody who has not agreed is asked that first, and the token waits."""
    if passage.is_token(token) and visit.guest:
        await passing.cross(visit, token)
    elif not visit.agreed:
        visit.go("consent", token=_wrapped(visit, token))
    else:
        await follow(visit, token)


def _wrapped(visit: Visit, token: str) -> str:
    # It may open an officer's door: no copy of the database may hold it in the open while a guest makes up their mind.
    # It is not sealed anew when the period closes: who waits that long opens the link once more.
    keys = visit.house.keys
    period = open_period(visit.period, keys.destroyed)
    return f"{period}:{b64encode(keys.seal(period, token.encode(), str(visit.person.id).encode())).decode()}"


def waiting(visit: Visit) -> str:
    """The token that a guest came with; empty where there was none or it can no longer be read."""
    period, _, wrapped = str(visit.person.data.get("token", "")).partition(":")
    if not wrapped:
        return ""
    try:
        return visit.house.keys.unseal(period, b64decode(wrapped), str(visit.person.id).encode()).decode()
    except KeyLost:
        return ""


async def follow(visit: Visit, token: str) -> None:
    """Lead a person who has consented to where the token goes."""
    if passage.is_token(token):
        await passing.cross(visit, token)
    elif token == START + ANY:
        visit.go("pick")
    elif form := _questionnaire(visit, token):
        visit.go("questionnaire", id=form)
    elif unit_id := await joining.unit_of(visit.conn, token, visit.today):
        visit.go("unit", unit=unit_id)
    elif grant := await officers.redeem(visit.conn, token, visit.person.id, visit.at):
        if visit.person.unit_id is None:
            visit.change(unit_id=grant.unit_id)
        visit.notice(visit.t(WELCOME[grant.role], unit=await visit.unit_name(grant.unit_id)))
        await visit.new_roles()
        visit.go("start")
    else:
        if token:
            visit.notice(visit.t("arrival.unknown"))
        visit.go("start")


def _questionnaire(visit: Visit, token: str) -> str:
    """The questionnaire of this campaign that a token names, whether it is open or not; "" for any other token."""
    id = token.removeprefix(START)
    return id if token.startswith(START) and id in visit.house.pack.questionnaires else ""


WELCOME = {role: f"arrival.{role}" for role in officers.ROLES}
PHRASE_KEYS = tuple(WELCOME.values())
