"""Other members, who answer without being shown, so that a group is large enough to be released."""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.reception import Reception
from models.database import Connection
from models.messages import Address, Button, Inbound, Outbound

PATIENCE = 80


@dataclass(slots=True)
class Crowd:
    """People of one unit and one questionnaire; each answers by the same rule, so that every playing is the same.

    `alike`: all choose the first of what is offered.
    """

    reception: Reception
    at: datetime
    token: str
    form: str
    alike: bool = False

    async def walk(self, conn: Connection, name: str, place: int) -> None:
        """Come by the link, agree, answer everything, send."""
        inbound = Inbound("", Address("crowd", name), self.at)
        (screen,) = await self.reception.attend(conn, replace(inbound, start=self.token))
        for _ in range(PATIENCE):
            button = self._next(screen, place)
            if button is None:
                return
            (screen,) = await self.reception.attend(conn, replace(inbound, tap=button.tap))
        raise AssertionError(f"never came to an end: {screen}")

    def _next(self, screen: Outbound, place: int) -> Button | None:
        buttons = {button.tap.partition(".")[2]: button for row in screen.buttons for button in row}
        if any(action.startswith("q:") for action in buttons):
            return None  # home again
        ticked = any(button.chosen for button in buttons.values())
        wanted = ("yes", f"begin:{self.form}", "send", "next", *(("done",) if ticked else ()))
        options = [action for action in buttons if action.startswith(("o:", "+"))]
        if options:
            wanted += (options[0 if self.alike else place % 3 % len(options)],)
        return next((buttons[action] for action in (*wanted, "skip") if action in buttons), None)
