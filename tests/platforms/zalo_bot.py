"""A strict Zalo Bot Platform on this machine: refuses, ends its polls, runs out of quota, repeats itself, goes down.

In a test: `async with FakeZaloBot() as server`, people are `Phone(server, name)`. `base_url` is what ZALO_BOT_BASE_URL
must be. What its reference could not read of the real one is marked as INVENTED: that our channel agrees with it there
proves that the two fit together and nothing more.
"""

import asyncio
import json
import re
from collections import deque
from typing import Any

from aiohttp import web

from tests.platforms.clock import Clock
from tests.platforms.serving import Serving
from tests.platforms.telegram import Asked
from tests.platforms.telegram_sim import Fault
from tests.platforms.zalo_bot_chats import Chats
from tests.platforms.zalo_bot_delivery import Delivery, Hook
from tests.platforms.zalo_bot_methods import NOTHING, Method, Sending
from tests.platforms.zalo_bot_phone import Phone
from tests.platforms.zalo_bot_rules import Refusal, bad, checked, public, seconds, secret

__all__ = ["FakeZaloBot", "Fault", "Phone"]
TOKEN = "7:canary-token_of-zalo"


class FakeZaloBot(Serving):
    """One bot's platform. `asked` remembers the last calls, `complaints` what a well-behaved bot never does.

    `empty_status` is the HTTP status of a poll that ended with nothing, `refusal_status` of every other refusal: both
    were seen as 200 (0: the same as the code in the envelope).
    """

    def __init__(self, token: str = TOKEN, clock: Clock | None = None, port: int = 0) -> None:
        # A poller that went gets nothing.
        super().__init__(web.Server(self._serve, access_log=None, handler_cancellation=True), port)
        self.token = token
        self.clock = clock or Clock()
        self.chats = Chats(self.clock)
        self.empty_status = self.refusal_status = 200
        self.sending = Sending(self.chats)
        hooks: dict[str, Method] = {"getUpdates": self._get_updates, "getWebhookInfo": self._webhook_info}
        hooks |= {"setWebhook": self._set_webhook, "deleteWebhook": self._delete_webhook}
        self.methods = {**self.sending.methods, **hooks}
        self.delivery: Delivery | None = None
        self.hook: Hook | None = None
        self.faults: list[Fault] = []
        self.asked: deque[Asked] = deque(maxlen=100_000)
        self.complaints: list[str] = []
        self.polls = self.most_polls = 0
        self._ending = False

    @property
    def base_url(self) -> str:
        """What ZALO_BOT_BASE_URL must be."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def __aexit__(self, *_: object) -> None:
        self._ending = True
        self.chats.interrupt()
        if self.delivery is not None:
            await self.delivery.close()
        await super().__aexit__()

    def calls(self, method: str) -> list[Asked]:
        """The remembered calls of one method."""
        return [asked for asked in self.asked if asked.method == method]

    def fail(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self.faults.append(fault)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        parameters = await _parameters(request)
        path = re.fullmatch(r"/bot([^/]*)/(\w+)", request.path)
        token, method = (path[1], path[2]) if path else ("", "")
        fault = self._fault(method)
        if fault is not None and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault is not None and fault.status:
            self.asked.append(Asked(method, parameters, fault.status))
            return web.Response(status=fault.status, body=fault.body)
        answer = await self._answered(token, method, parameters)
        if fault is not None and fault.lost and request.transport is not None:
            request.transport.abort()
        return answer

    async def _answered(self, token: str, method: str, parameters: dict[str, Any]) -> web.Response:
        try:
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            checked(method, parameters)
            result = await self.methods[method](parameters)
        except Refusal as refusal:
            self.asked.append(Asked(method, parameters, refusal.code, refusal.description))
            if refusal.code not in (401, 408, 429):
                self.complaints.append(f"{method}: {refusal.code} {refusal.description}")
            status = self.empty_status if refusal.code == 408 else self.refusal_status or refusal.code
            return web.Response(status=status, body=refusal.body(), content_type="application/json")
        self.asked.append(Asked(method, parameters, 200))
        told = {"ok": True} if result is NOTHING else {"ok": True, "result": result}
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        return web.Response(body=body, content_type="application/json")

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", method):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def _get_updates(self, asked: dict[str, Any]) -> Any:
        if self.hook is not None:
            raise bad("webhook is set")  # INVENTED: the code
        self.polls += 1
        self.most_polls = max(self.most_polls, self.polls)
        try:
            event = await self.chats.next(seconds(asked.get("timeout", 30)))
        finally:
            self.polls -= 1
        if event is None or self._ending:
            raise Refusal(408, "Request timeout")
        return event

    async def _set_webhook(self, asked: dict[str, Any]) -> Any:
        hook = Hook(public(asked["url"]), secret(asked["secret_token"]))
        if hook != self.hook:
            await self._delete_webhook(asked)
            self.hook, self.delivery = hook, Delivery(self.chats, hook)
            self.chats.interrupt()
        return {"url": hook.url, "updated_at": int(self.clock.now() * 1000)}

    async def _delete_webhook(self, _: dict[str, Any]) -> Any:
        if self.delivery is not None:
            await self.delivery.close()
        self.delivery = self.hook = None
        return {"url": "", "updated_at": int(self.clock.now() * 1000)}

    async def _webhook_info(self, _: dict[str, Any]) -> Any:
        return {"url": self.hook.url if self.hook else "", "updated_at": int(self.clock.now() * 1000)}


async def _parameters(request: web.BaseRequest) -> dict[str, Any]:
    """Read parameters however they come: query, JSON, form, multipart."""
    parameters: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        parameters |= json.loads(await request.read() or b"{}")
        return parameters
    return parameters | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
