"""A person who walks by a plan: looks at the screen, does one thing, waits until the screen has changed."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

from conversations.interview import walk
from conversations.options import Shown
from conversations.places import READ, Answer
from conversations.questions import Questionnaire, SeveralQuestion, WordsQuestion
from locales.vietnamese import fold
from tests.platforms.telegram import Phone
from tests.platforms.telegram_chats import Shown as Message
from tests.walks.plan import Answers, Plan
from tests.walks.reading import Seen, label, question, read, sent
from tests.walks.sides import Handset
from tests.walks.world import Stuck, Unanswered, World

TYPED: dict[str, tuple[str, ...]] = {
    "skip": ("Bỏ qua", "bo qua"),
    "decline": ("Không muốn trả lời", "không trả lời"),
    "yes": ("Đồng ý", "1"),
    "back": ("quay lại", "quay lai"),
    "next": ("Tiếp tục", "tiep tuc"),
    "done": ("xong",),
    "send": ("Gửi",),
}


class Walker:
    """One person. `done` once the plan is carried out; `blocks` is how often they block the bot on the way.

    `opening` is what they say first, `phones` all that they hold, `unsure` whether what they say may be lost, and
    `waits` when (on the loop's clock) and for how long they waited for a screen.
    """

    def __init__(self, world: World, plan: Plan, token: str, phone: Handset) -> None:
        self.world, self.plan, self.opening = world, plan, f"/start {token}"
        self.phone = phone
        self.phones = [phone]
        self.lots = random.Random(f"walk {plan.number}")
        self.blocks = 0
        self.unsure = False
        self.done = False
        self.waits: list[tuple[float, float]] = []
        self._arrived = False
        self._said: dict[str, Answers] = {id: {} for id in world.forms}
        self._tried: set[str] = set()
        self._turning = ""
        self._looked = False
        self._shown: tuple[str, str] = ("", "")
        self._highest = 0
        self.phone.chat.watch = self._watch

    async def walk(self) -> None:
        """Go all the way."""
        await self.begin()
        while not self.done:
            await self.step()

    async def begin(self) -> None:
        """Open the link."""
        with suppress(Unanswered):
            await self._do(lambda: self.phone.say(self.opening))

    async def again(self) -> None:
        """Say /start, be shown something, and look until it stands still."""
        version = self.phone.chat.version
        self.phone.say("/start")
        if not await self.phone.chat.changed(version, self.world.patience):
            raise Stuck(f"person {self.phone.chat.user} after /start")
        while await self.phone.chat.changed(self.phone.chat.version, 0.5):
            pass

    async def step(self) -> None:
        """Do one thing."""
        await asyncio.sleep(self.lots.uniform(0, 2 * self.world.think))
        self.world.steps += 1
        seen = read(self.phone.chat.screen)
        assert seen is not None
        with suppress(Unanswered):
            await self._act(seen)

    async def _act(self, seen: Seen) -> None:
        if seen.offered("q:"):
            await self._home(seen)
        elif "yes" in seen.taps:
            await self._choose("yes")
        elif seen.offered("begin:"):
            await self._choose(f"begin:{self.plan.order[0]}")
            self._arrived = True
        elif "home" in seen.taps:
            await self._choose("home")
        elif "send" in seen.taps:
            await self._review(seen)
        elif self.blocks and self.lots.random() < 0.1:
            await self._block()
        else:
            await self._question(seen, *question(seen, self.world.forms.values()))

    async def _home(self, seen: Seen) -> None:
        left = [id for id in self.plan.order if not sent(seen, self.world.forms[id])]
        if left:
            await self._choose(f"q:{left[0]}")
        else:
            self.done = True

    async def _block(self) -> None:
        """Ask for something, block before the reply can come, and come back later."""
        assert isinstance(self.phone, Phone)
        self.blocks -= 1
        self.phone.say("/start")
        self.phone.block()
        await asyncio.sleep(self.lots.uniform(0.2, 0.6))
        self.phone.unblock()
        await self.again()

    async def _review(self, seen: Seen) -> None:
        form = next(form for form in self.world.forms.values() if self._reviews(seen, form))
        said, meant = self._said[form.id], self.plan.final[form.id]
        wrong = [name for name, answer in said.items() if meant[name] != answer and answer != READ]
        if wrong:
            await self._edit(seen, form, wrong[0])
        elif not self._looked and self.lots.random() < 0.5:
            self._looked = True
            await self._choose(self.lots.choice(seen.offered("edit:")))
            await self._choose("back")
        else:
            await self._choose("send")

    def _reviews(self, seen: Seen, form: Questionnaire) -> bool:
        return all(action.partition(":")[2] in form.by_id for action in seen.offered("edit:"))

    async def _edit(self, seen: Seen, form: Questionnaire, wrong: str) -> None:
        if f"edit:{wrong}" not in seen.taps:
            await self._choose(seen.offered("page:")[0])
            return
        await self._choose(f"edit:{wrong}")

    async def _question(self, seen: Seen, form: Questionnaire, step: Shown) -> None:
        if self._turning and self._turning != step.id and "back" in seen.taps:
            self._turning = ""
            await self._choose("back")
            return
        plan = self.plan.final if step.id in self._tried else self.plan.first
        answer = plan[form.id][step.id]
        again = step.id in self._tried
        self._turning = step.id if step.id in self.plan.turned and not again else ""
        self._tried.add(step.id)
        self._said[form.id] = walk(form, {**self._said[form.id], step.id: answer})[1]
        await self._answer(seen, step, answer)

    async def _answer(self, seen: Seen, step: Shown, answer: Answer) -> None:
        if answer == READ:
            await self._choose("next")
        elif not answer.given:
            await self._choose("decline" if answer.declined else "skip")
        elif isinstance(step, SeveralQuestion):
            await self._tick(seen, set(answer.value))
        elif isinstance(step, WordsQuestion):
            await self._do(lambda: self.phone.say(str(answer.value)))
        else:
            await self._choose(f"o:{answer.value}", step)

    async def _tick(self, seen: Seen, wanted: set[str]) -> None:
        """Untick what is not meant; tick the rest one by one, or type all numbers at once."""
        for name in sorted(seen.ticked - wanted):
            await self._choose(f"-{name}")
        new = sorted(wanted - seen.ticked)
        if len(new) > 1 and self.lots.random() < 0.3:
            options = [*seen.offered("+"), *seen.offered("-")]
            order = [action for action in seen.taps if action in options]
            numbers = [order.index(f"+{name}") + 1 for name in new]
            await self._do(lambda: self.phone.say(", ".join(map(str, numbers))))
        else:
            for name in new:
                await self._choose(f"+{name}")
        await self._choose("done")

    async def _choose(self, action: str, step: Shown | None = None) -> None:
        """Do what a button does, by the button or by typing."""
        seen = read(self.phone.chat.screen)
        assert seen is not None, action
        assert action in seen.taps, (action, seen.message.text, seen.taps)
        typed = self._typed(seen, action, step)
        if typed and self.lots.random() < 0.45:
            await self._do(lambda: self.phone.say(typed))
            return
        taps = 2 if self.lots.random() < self.world.double and action[0] not in "+-" else 1

        def tap() -> None:
            for _ in range(taps):
                self.phone.tap_data(seen.taps[action], seen.message)

        await self._do(tap, again=tap if self.world.taps_again_after else None)

    def _typed(self, seen: Seen, action: str, step: Shown | None) -> str:
        if step is None or action not in seen.offered("o:"):
            return self.lots.choice(TYPED.get(action, ("",)))
        exact = label(step, action)
        ways = [str(list(seen.taps).index(action) + 1), exact, exact.upper()]
        strict = any(form.sensitive and step.id in form.by_id for form in self.world.forms.values())
        return self.lots.choice(ways if strict else [*ways, fold(exact)])

    async def _do(self, act: Callable[[], object], again: Callable[[], None] | None = None) -> None:
        """Do it and wait until another screen stands there."""
        chat, loop = self.phone.chat, asyncio.get_running_loop()
        before, began = read(chat.screen), loop.time()
        act()
        until = began + self.world.patience
        while True:
            version, now = chat.version, read(chat.screen)
            if now is not None and (before is None or now.sign != before.sign):
                self.waits.append((began, loop.time() - began))
                return
            tries = self._asks_after or self.world.taps_again_after or self.world.patience
            if await chat.changed(version, min(until - loop.time(), tries)):
                continue
            if loop.time() >= until:
                raise Stuck(f"person {chat.user} at {chat.screen and chat.screen.text[:300]!r}")
            if self._asks_after:
                await self._ask(began)
            if again is not None:
                self.world.again += 1
                again()

    @property
    def _asks_after(self) -> float:
        return self.world.asks_after if self.unsure else 0.0

    async def _ask(self, began: float) -> None:
        """Ask where one stands: by the link until one has arrived, else by /start; raises Unanswered once it is shown.

        When something stands there, it is waited until all of it does: what was said first may have been kept.
        """
        chat, loop = self.phone.chat, asyncio.get_running_loop()
        while loop.time() < began + self.world.patience:
            self.world.asked += 1
            version, self._shown = chat.version, ("", "")
            self.phone.say("/start" if self._arrived else self.opening)
            if await chat.changed(version, self._asks_after):
                self.waits.append((began, loop.time() - began))
                while await chat.changed(chat.version, 1.0):
                    pass
                raise Unanswered

    def _watch(self, message: Message) -> None:
        """Count what is shown twice in a row, and notice an old screen after a newer one."""
        shown = (message.text, str(message.keyboard))
        if shown == self._shown:
            self.world.repeats[self.world.kills, self.phone.chat.user] += 1
        self._shown = shown
        seen = read(message)
        if seen is not None and seen.revision < self._highest:
            self.world.disordered.append(f"person {self.phone.chat.user}: {seen.revision} after {self._highest}")
        self._highest = max(self._highest, seen.revision if seen else 0)
