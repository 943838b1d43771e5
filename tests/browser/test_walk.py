"""The product's main job as people do it on a phone, from the link on the notice board to the officer's chart."""

import random
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.conftest import Phone, phone_of
from tests.browser.house import House, Neighbour, vietnam

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNIT = "ldld-mai-son"


@pytest_asyncio.fixture(loop_scope="module")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A rehearsal of the shipped campaign that begins on 6 January 2020."""
    settings = Settings(_env_file=None, data_dir=tmp_path, as_of=date(2020, 1, 6), web_port=0)
    house = await House.open(settings, vietnam(2020, 1, 6))
    yield house
    await house.running.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def phones(chromium: Browser, house: House) -> AsyncIterator[list[Phone]]:
    """The worker's phone and the officer's."""
    phones = [await phone_of(chromium, house.url) for _ in range(2)]
    yield phones
    for phone in phones:
        await phone.context.close()
        # The hand of a test is faster than anybody's: it may be told to slow down, and its page then tries again.
        assert [text for text in phone.complaints if "429" not in text] == []


class Hand:
    """A person's hand on a page: taps by label, writes, and reads the last bubble."""

    def __init__(self, page: Page, shots: Path, name: str) -> None:
        self.page = page
        self._shots, self._name, self._n = shots, name, 0

    async def tap(self, label: str | re.Pattern[str]) -> None:
        """Tap a button of the current screen and wait for what comes of it."""
        button = self.page.get_by_role("log").get_by_role("button", name=label, exact=isinstance(label, str)).first
        await self._until_changed(button.click())

    async def write(self, text: str) -> None:
        """Write and send."""
        await self.page.get_by_role("textbox").fill(text)
        await self._until_changed(self.page.get_by_role("textbox").press("Enter"))

    async def _until_changed(self, doing: object) -> None:
        before = await self.page.get_by_role("article").evaluate_all("all => all.at(-1).dataset.id")
        await doing  # type: ignore[misc]
        await self.page.wait_for_function(
            "before => { const last = [...document.querySelectorAll('article')].at(-1);"
            " return last.classList.contains('theirs') && last.dataset.id !== before"
            " && !last.querySelector('[aria-disabled]'); }",
            arg=before,
        )
        self._n += 1
        await self.page.screenshot(path=self._shots / f"{self._name}-{self._n:02}.png")

    async def sees(self, *texts: str) -> None:
        """Expect texts in the last bubble."""
        for text in texts:
            await expect(self.page.get_by_role("article").last).to_contain_text(text)


async def test_from_the_link_to_the_chart(house: House, phones: list[Phone], shots: Path) -> None:
    worker, officer = phones
    link = await house.link(UNIT)
    neighbours = [Neighbour(house, f"n{number}", random.Random(number)) for number in range(13)]
    for neighbour in neighbours:
        await neighbour.join(link)
    await house.turn_to(vietnam(2020, 1, 20))  # those who join in a period do not count in it

    hand = Hand(await worker.tab(link), shots, "worker")
    await hand.sees("xin lắng nghe anh/chị", "Tham gia là tự nguyện")
    await hand.tap("Đồng ý")
    await hand.sees("Liên đoàn Lao động huyện Mai Sơn", "đúng không")
    await hand.tap(re.compile("Đúng, trả lời ngay: Góp ý các dự thảo"))
    await answer_drafts(hand)
    await answer_life(hand)
    await clear_the_page(hand)
    await look_at_own_data(hand)

    for neighbour in neighbours:
        await neighbour.answer("du-thao")
        await neighbour.answer("doi-song")
    await house.turn_to(vietnam(2020, 2, 10))
    await read_summary(house, officer, shots)


async def answer_drafts(hand: Hand) -> None:
    """Every draft gets an answer; the third in the end another one."""
    await hand.sees("Câu 1/", "đảng bộ các cấp")
    await hand.tap("Đồng ý một phần")
    await hand.write("Phần về nhà ở công nhân còn ngắn, mong bổ sung.")
    for _ in range(5):
        await hand.tap("Tán thành")
        await hand.tap("Bỏ qua")
    await hand.sees("Phần về nhà ở công nhân còn ngắn")
    await hand.tap("Sửa câu 5")
    await hand.sees("Báo cáo chính trị", "Câu trả lời hiện nay của anh/chị: Tán thành")
    await hand.tap("Chưa có ý kiến")
    await hand.sees("5. Dự thảo Báo cáo chính trị: Chưa có ý kiến")
    await hand.tap("Gửi")


async def answer_life(hand: Hand) -> None:
    """Home, where one is asked once what to be sent; then ticks, choices, a series on a scale, one declined, words."""
    await hand.tap("Trang chính")
    await hand.sees("Tin anh/chị muốn nhận", "Hệ thống chỉ hỏi một lần này")
    await expect(hand.page.get_by_role("button", pressed=True)).to_have_count(0)
    await hand.tap("Để sau")
    await hand.tap("Việc làm và đời sống của anh/chị")
    for label in ("Tiền lương", "Nhà trẻ", "Bữa ăn ca", "Nhà trẻ"):  # the nursery is taken away again
        await hand.tap(label)
    await expect(hand.page.get_by_role("button", pressed=True)).to_have_count(2)
    await hand.tap(re.compile("^Xong"))
    for label in ("Ổn định", "Vừa đủ", "Đúng hạn", "Hài lòng", "Bình thường", "Rất hài lòng", "Không muốn trả lời"):
        await hand.tap(label)
    for label in ("Có", "Dưới 1 giờ/ngày", "Không biết"):
        await hand.tap(label)
    await hand.write("Thăm hỏi tổ ca đêm.")
    await hand.sees("Xem lại câu trả lời", "Tiền lương, thu nhập; Bữa ăn ca")
    await hand.tap(re.compile("^Trang 2"))
    await hand.sees("Thăm hỏi tổ ca đêm.")
    await hand.tap("Gửi")


async def clear_the_page(hand: Hand) -> None:
    """Nothing of what was answered can be read any more, nor does the tab remember it; the receipt stays."""
    await hand.sees("Đã ghi nhận", "Việc làm và đời sống của anh/chị")
    said = ("Thăm hỏi tổ ca đêm.", "Phần về nhà ở công nhân còn ngắn", "Rất hài lòng", "Dưới 1 giờ/ngày")
    assert said[0] in await hand.page.locator("main").inner_text()
    await hand.tap("Xóa tin trả lời khỏi màn hình")
    await hand.sees("Trang này đã được xóa trắng.")
    await expect(hand.page.get_by_role("article")).to_have_count(1)
    left = await hand.page.evaluate("JSON.stringify(sessionStorage) + document.body.innerText")
    assert [words for words in said if words in left] == []
    await hand.tap("Trang chính")
    await expect(hand.page.get_by_role("article")).to_have_count(2)


async def look_at_own_data(hand: Hand) -> None:
    """What is kept is exactly what was said; and it can be changed after it was sent."""
    await hand.write("/mydata")
    await hand.sees("Dữ liệu của anh/chị", "Liên đoàn Lao động huyện Mai Sơn", "Phần về nhà ở công nhân còn ngắn")
    await hand.sees("Dự thảo Báo cáo chính trị: Chưa có ý kiến", "Trả lương: Đúng hạn", "Thăm hỏi tổ ca đêm.")


async def read_summary(house: House, officer: Phone, shots: Path) -> None:
    """The officer's figures of the unit, with a chart and the same in words."""
    hand = Hand(await officer.tab(await house.invitation(UNIT)), shots, "officer")
    await hand.tap("Đồng ý")
    await hand.write("/summary")
    await hand.sees("Kết quả: Việc làm và đời sống", "Liên đoàn Lao động huyện Mai Sơn", "14 người đã tham gia")
    await hand.tap("Sau ›")  # of the first question, where three may be chosen, nothing can be said for so few people
    chart = hand.page.get_by_role("img", name="Biểu đồ thanh ngang của câu “Việc làm”")
    assert await chart.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 360
    await hand.tap("Khảo sát khác: Góp ý các dự thảo văn kiện đại hội")
    await hand.sees("Kết quả: Góp ý các dự thảo văn kiện đại hội", "Tán thành", "Không tán thành")
    await expect(hand.page.get_by_role("img", name="Biểu đồ")).to_be_visible()
    assert "Phần về nhà ở" not in await hand.page.locator("body").inner_text()
