"""Invites officers: a one-time token for a role over a unit. Refuses unknown roles and units by a plain sentence."""

from handlers.house import House
from locales.formats import local_day
from models import officers
from models.audit import Act
from models.database import Connection


class Refused(Exception):
    """The invitation cannot be made; the message is one line for the operator."""


async def invite_officer(conn: Connection, house: House, code: str | None, role: str, act: Act) -> str:
    """Make a one-time token for a role over the unit with this code, or over the top of the tree. Raises Refused."""
    if role not in officers.ROLES:
        raise Refused(f"--role: {role} is unknown; the roles are {', '.join(officers.ROLES)}")
    tree = await house.tree(conn, local_day(act.at))
    units = tree.roots if code is None else [unit for unit in tree.post_order() if unit.code == code]
    if not units:
        raise Refused(f"--unit: no unit has the code {code} on {local_day(act.at).isoformat()}")
    return await officers.invite(conn, role, units[0].id, act)
