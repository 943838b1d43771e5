"""The peer of `langnghe bench dialogue`: one questionnaire with aiogram, its router, filters and in-memory FSM.

Written as a competent user would: a webhook under aiohttp, taps answered and edited in place, typed words answered by a
new message. It keeps nothing on disk, knows no consent, no units and no second device, and does no more than it needs.
Run: python -m tests.peers.aiogram_peer --port 8081 --api http://127.0.0.1:9000 --token 1:x --secret s --questionnaire F
"""

import argparse
import asyncio
import logging
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InaccessibleMessage, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.peers.questionnaire import Question, load
from tests.peers.screens import Shown, Tap, ask, key, listed, review

Data = dict[str, Any]


class Walk(StatesGroup):
    """Where a person is: in the questions or before the sent answers."""

    answering = State()
    review = State()


class Survey:
    """The handlers of one questionnaire."""

    def __init__(self, title: str, questions: tuple[Question, ...]) -> None:
        self.title = title
        self.questions = questions
        self.by_id = {question.id.replace(".", "-"): question for question in questions}
        self.router = Router()
        self.router.message.register(self.start, Command("start"))
        self.router.callback_query.register(self.tapped, Walk.answering, Tap.filter())
        self.router.callback_query.register(self.reviewed, Walk.review, Tap.filter())
        self.router.callback_query.register(self.stale)
        self.router.message.register(self.typed, Walk.answering, F.text)

    async def start(self, message: Message, state: FSMContext) -> None:
        """Begin anew with the first question."""
        await state.set_state(Walk.answering)
        data: Data = {"answers": {}, "ticked": [], "at": key(self.questions[0])}
        await state.set_data(data)
        text, keyboard = self.screen(data)
        await message.answer(text, reply_markup=keyboard)

    async def tapped(self, callback: CallbackQuery, callback_data: Tap, state: FSMContext) -> None:
        """Apply a tap on a question and show what comes next."""
        data = await state.get_data()
        if callback_data.question != data["at"]:
            await callback.answer("Câu này đã cũ.")
            return
        refused = self.apply(data, self.by_id[data["at"]], callback_data.action)
        await callback.answer(refused)
        if not refused:
            await self.show(callback, state, data)

    async def typed(self, message: Message, state: FSMContext) -> None:
        """Keep typed words where words are asked for."""
        data = await state.get_data()
        question = self.by_id[data["at"]]
        words = (message.text or "").strip()
        if question.kind != "words" or len(words) > (question.max or 4000):
            await message.answer("Xin anh/chị chọn một nút ở trên, hoặc viết gọn hơn.")
            return
        data["answers"][data["at"]] = words
        data["at"] = self.after(data)
        await self.keep(state, data)
        text, keyboard = self.screen(data)
        await message.answer(text, reply_markup=keyboard)

    async def reviewed(self, callback: CallbackQuery, callback_data: Tap, state: FSMContext) -> None:
        """Send the answers, or go back to one of them."""
        data = await state.get_data()
        await callback.answer()
        if callback_data.action != "send":
            data["at"] = callback_data.action.removeprefix("edit:")
            data["editing"] = True
            await self.show(callback, state, data)
        elif isinstance(callback.message, Message):
            await state.clear()
            await callback.message.edit_text("Cảm ơn anh/chị. Câu trả lời đã được ghi nhận.")

    async def stale(self, callback: CallbackQuery) -> None:
        """Answer a tap that belongs to nothing any more."""
        await callback.answer("Câu này đã cũ. Xin gửi /start để bắt đầu lại.")

    async def show(self, callback: CallbackQuery, state: FSMContext, data: Data) -> None:
        """Keep the place and edit the tapped message into the next screen."""
        await self.keep(state, data)
        if callback.message and not isinstance(callback.message, InaccessibleMessage):
            text, keyboard = self.screen(data)
            await callback.message.edit_text(text, reply_markup=keyboard)

    async def keep(self, state: FSMContext, data: Data) -> None:
        """Keep where the person is."""
        await state.set_state(Walk.answering if data["at"] else Walk.review)
        await state.set_data(data)

    def apply(self, data: Data, question: Question, action: str) -> str:
        """Change the place by one tap; gives the words of a refusal, "" when all is well."""
        kind, _, option = action.partition(":")
        if kind == "back":
            data["at"] = self.before(data)
            return ""
        if kind in ("on", "off"):
            ticked: list[str] = data["ticked"]
            if kind == "off":
                ticked.remove(option)
            elif option in question.exclusive or question.exclusive & set(ticked):
                data["ticked"] = [option]
            elif question.max and len(ticked) >= question.max:
                return f"Xin anh/chị chọn tối đa {question.max}."
            else:
                ticked.append(option)
            return ""
        if kind == "done" and not data["ticked"]:
            return "Xin anh/chị chọn ít nhất một."
        answers = {"o": option, "done": sorted(data["ticked"]), "decline": "@decline", "skip": None, "next": None}
        data["answers"][data["at"]] = answers[kind]
        data["ticked"] = []
        data["at"] = self.after(data)
        return ""

    def taken(self, data: Data) -> list[str]:
        """The questions on this person's branch, in order."""
        picked = {(question, option) for question, value in data["answers"].items() for option in listed(value)}
        return [key(q) for q in self.questions if not q.has or any(pair in picked for pair in q.has)]

    def after(self, data: Data) -> str:
        """The next question, "" for the review."""
        if data.pop("editing", False):
            return ""
        branch = self.taken(data)
        rest = branch[branch.index(data["at"]) + 1 :]
        return rest[0] if rest else ""

    def before(self, data: Data) -> str:
        """The question before this one."""
        branch = self.taken(data)
        return branch[max(0, branch.index(data["at"]) - 1)]

    def screen(self, data: Data) -> Shown:
        """The text and the buttons of the place."""
        branch = self.taken(data)
        if not data["at"]:
            return review(self.title, [self.by_id[place] for place in branch], data["answers"])
        return ask(self.title, self.by_id[data["at"]], data["ticked"], branch)


async def serve(args: argparse.Namespace) -> None:
    """Serve the webhook until the process is ended."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(args.api))
    bot = Bot(args.token, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(Survey(*load(args.questionnaire)).router)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=args.secret).register(app, path="/hook/telegram")
    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", args.port).start()
    await asyncio.Event().wait()


async def ready(_request: web.Request) -> web.Response:
    """Tell that the webhook is open."""
    return web.Response(text="ok")


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", default="1:bench")
    parser.add_argument("--secret", default=None)
    parser.add_argument("--questionnaire", type=Path, required=True)
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
