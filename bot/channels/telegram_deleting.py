"""Taking messages away from a private chat. Telegram deletes those of the last 48 hours, the person's as well as ours.

Ids that are not in the chat (any more) are passed over by the platform, but one message that is too old has the whole
call refused (Bot API, deleteMessages; wording "message can't be deleted for everyone").
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram.error import BadRequest

from bot.channels.telegram_screens import Call

Ask = Callable[[Call], Awaitable[object]]


async def delete(ask: Ask, call: Call) -> bool:
    """Delete what can be deleted of a call's ids (oldest first); False when some were refused. Other failures rise."""
    ids = call.parameters["message_ids"]
    try:
        await ask(call)
    except BadRequest:
        middle = len(ids) // 2
        if not middle:
            return False
        older, newer = (
            replace(call, parameters={**call.parameters, "message_ids": half}) for half in _cut(ids, middle)
        )
        # Where a newer one is too old already, the older ones are as well.
        return await delete(ask, newer) and await delete(ask, older)
    return True


def _cut(ids: list[int], middle: int) -> tuple[list[int], list[int]]:
    return ids[:middle], ids[middle:]
