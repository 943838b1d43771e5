"""A synthetic worker: reads a screen and taps or types, as people do, with a random source of its own."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime

from models.messages import Address, Button, Inbound, Outbound

CHANNEL = "simulated"
PATIENCE = 150  # screens; longer than any questionnaire, so that a walk that never ends is seen
WORDS = (
    "Đề nghị công đoàn thăm hỏi anh em trực đêm nhiều hơn",
    "luong thap qua, mong duoc dieu chinh",
    "Bữa ăn ca nên đổi món",
    "Nhà trọ xa, đường đi lại khó khăn khi mưa",
    "Cần thêm lớp học nâng tay nghề buổi tối",
    "đồng ý với dự thảo, mong làm sớm",
)


@dataclass(slots=True)
class Walker:
    """One worker with a way of answering. `left` are the questionnaires still to be answered."""

    name: str
    chance: random.Random
    token: str
    steps: int = 0
    done: bool = False
    screen: Outbound | None = None
    sent: set[str] = field(default_factory=set)

    @property
    def address(self) -> Address:
        """Where this worker is reached."""
        return Address(CHANNEL, self.name)

    def begin(self, at: datetime) -> Inbound:
        """Come by the unit's link, or come back."""
        self.done, self.steps = False, 0
        token, self.token = self.token, ""
        inbound = self._inbound(at)
        return replace(inbound, start=token) if token else replace(inbound, text="/start")

    def next(self, at: datetime) -> Inbound | None:
        """What the worker does on the screen in front, None at the end of the walk."""
        assert self.screen is not None
        self.steps += 1
        buttons = [button for row in self.screen.buttons for button in row]
        tap = self._chosen(buttons)
        if self.done or self.steps > PATIENCE or (tap is None and not buttons):
            self.done = True
            return None
        if tap is not None:
            return replace(self._inbound(at), tap=tap.tap)
        return replace(self._inbound(at), text=self.chance.choice(WORDS))

    def _inbound(self, at: datetime) -> Inbound:
        return Inbound(id=f"{self.name}-{self.chance.getrandbits(64):x}", sender=self.address, at=at)

    def _chosen(self, buttons: list[Button]) -> Button | None:
        actions = {button.tap.partition(".")[2]: button for button in buttons}
        for wanted in ("yes", "send", "home", "next"):
            if wanted in actions:
                return self._noted(actions[wanted])
        if forms := [action for action in actions if action.startswith("q:")]:
            fresh = [action for action in forms if action not in self.sent]
            if not fresh:
                self.done = True
                return None
            return self._noted(actions[self.chance.choice(fresh)])
        return self._answer(actions)

    def _noted(self, button: Button) -> Button:
        action = button.tap.partition(".")[2]
        if action.startswith("q:"):
            self.sent.add(action)
        return button

    def _answer(self, actions: dict[str, Button]) -> Button | None:
        ticked = sum(button.chosen is True for button in actions.values())
        if "done" in actions and ticked and (ticked >= 2 or self.chance.random() < 0.5):
            return actions["done"]
        options = [button for action, button in actions.items() if action.startswith(("o:", "+", "u:"))]
        if options:
            weights = [1.0 / (place + 1) for place in range(len(options))]
            return self.chance.choices(options, weights)[0]
        return actions["skip"] if "skip" in actions and self.chance.random() < 0.7 else None
