"""A small room to talk in: the road, the mailbox and a desk of its own, so that the page can be tried by itself.

It follows the rules that the page relies on: an id is taken once, a tap is answered in place, typed words below.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.outcomes import Unavailable
from models.messages import Address, Button, Inbound, Outbound, Picture

CONCERNS = ("Tiền lương", "Giờ làm thêm", "Bữa ăn ca", "Nhà trẻ cho con công nhân", "An toàn lao động")
NAV = (Button("‹ Quay lại", "n.back"), Button("Bỏ qua", "n.skip"), Button("Dừng", "n.stop"))


@dataclass(slots=True)
class Room:
    """Everybody's talk, in memory. `down` makes the database go away."""

    picture: bytes = b""
    down: bool = False
    ticked: set[str] = field(default_factory=set)
    heard: list[Inbound] = field(default_factory=list)
    rows: dict[Address, list[tuple[int, Outbound]]] = field(default_factory=lambda: defaultdict(list))
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _woken: dict[Address, list[asyncio.Event]] = field(default_factory=lambda: defaultdict(list))

    async def receive(self, inbound: Inbound) -> None:
        """Take an id once, and answer."""
        self._open()
        if inbound.id in {other.id for other in self.heard}:
            return
        self.heard.append(inbound)
        self.put(self._answer(inbound))

    async def waiting(self, address: Address) -> Sequence[tuple[int, Outbound]]:
        """Tell what waits."""
        self._open()
        return list(self.rows[address])

    async def settle(self, address: Address, ids: Sequence[int]) -> None:
        """Drop what was seen."""
        self._open()
        self.rows[address] = [row for row in self.rows[address] if row[0] not in ids]

    async def wait(self, address: Address, timeout: float) -> None:  # noqa: ASYNC109 - the contract's own name
        """Wait for something new."""
        woken = asyncio.Event()
        self._woken[address].append(woken)
        try:
            async with asyncio.timeout(timeout):
                await woken.wait()
        except TimeoutError:
            pass
        finally:
            self._woken[address].remove(woken)

    def put(self, outbound: Outbound) -> int:
        """Send something to somebody."""
        id = next(self._ids)
        self.rows[outbound.to].append((id, outbound))
        for woken in self._woken[outbound.to]:
            woken.set()
        return id

    def _open(self) -> None:
        if self.down:
            raise Unavailable

    def _answer(self, inbound: Inbound) -> Outbound:
        said = inbound.tap or inbound.text or f"start:{inbound.start}"
        answer = replace(self._screen(said), to=inbound.sender)
        return replace(answer, edits=inbound.screen) if inbound.tap else answer

    def _screen(self, said: str) -> Outbound:
        name, _, option = said.partition(".")
        if name == "more":
            self.ticked ^= {option}
        picture = Picture(self.picture, CHART_WORDS)
        screens = {
            "/start": welcome(NOBODY),
            "start:Moi_vao-123": welcome(NOBODY),
            "ok": progress(NOBODY),
            "n": progress(NOBODY),
            "more": several(NOBODY, self.ticked),
            "several": several(NOBODY, self.ticked),
            "chart": replace(progress(NOBODY), title="", text="Kết quả", picture=picture),
            "forget": replace(welcome(NOBODY), text="Đã xóa.", title="", forget=True),
            "english": english(NOBODY),
        }
        return screens.get(name) or Outbound(NOBODY, f"Đã nghe: {said}")


NOBODY = Address("", "")
CHART_WORDS = "Biểu đồ: tiền lương 42 %, giờ làm thêm 31 %, bữa ăn ca 27 %; 38 người trả lời"


def welcome(to: Address) -> Outbound:
    """The first screen, as long as a real one."""
    text = (
        "Đây là hệ thống tự động của Liên đoàn Lao động tỉnh Sơn La, để người lao động nói điều mình nghĩ.\n\n"
        "• Anh/chị tự nguyện tham gia, dừng lúc nào cũng được.\n"
        "• Không ai biết ai đã nói gì: chỉ có kết quả chung của nhóm từ 10 người trở lên.\n"
        "• Xem, sửa hoặc xóa câu trả lời: gõ /mydata.\n\n"
        "Chi tiết: https://congdoansonla.example/rieng-tu."
    )
    choices = ((Button("Đồng ý tham gia", "ok.yes", 1, style="primary"),), (Button("Không, cảm ơn", "ok.no", 2),))
    return Outbound(to, text, "Công đoàn muốn nghe anh/chị", choices, banner=BANNER)


BANNER = "Bản tập dượt · ngày 06/01/2020"


def progress(to: Address) -> Outbound:
    """A question with four answers and the row of navigation."""
    text = "Câu 3/12 · ▰▰▰▱▱▱▱▱▱▱\n\nBữa ăn ca của anh/chị hiện nay thế nào?"
    labels = ("Rất tốt", "Tạm được", "Chưa tốt, cần cải thiện cả về lượng và về vệ sinh", "Không muốn trả lời")
    rows = tuple((Button(label, f"several.{n}", n),) for n, label in enumerate(labels, 1))
    return Outbound(to, text, "Việc làm và đời sống", (*rows, NAV), banner=BANNER)


def several(to: Address, ticked: set[str]) -> Outbound:
    """A question with ticks."""
    rows = tuple((Button(label, f"more.{n}", n, chosen=str(n) in ticked),) for n, label in enumerate(CONCERNS, 1))
    done = (Button(f"Xong ({len(ticked)})", "ok.done", 6, style="primary"),)
    text = "Câu 4/12 · ▰▰▰▰▱▱▱▱▱▱\n\nĐiều gì làm anh/chị lo nhất? Xin chọn nhiều nhất 3 điều."
    return Outbound(to, text, "Việc làm và đời sống", (*rows, done, NAV), banner=BANNER)


def english(to: Address) -> Outbound:
    """A screen in English with a dangerous button."""
    rows = ((Button("Delete my data", "ok.delete", 1, style="danger"),), (Button("Keep it", "ok.keep", 2),))
    return Outbound(to, "This deletes your answers at Sơn La. It cannot be undone.", "Delete?", rows, banner=BANNER)
