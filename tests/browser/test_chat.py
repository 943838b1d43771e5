"""The chat page as a phone shows it: nothing lost, nothing doubled, everything reachable by key and by ear."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Response, Route, expect

from models.messages import Address, Outbound
from tests.browser.conftest import Phone, Site
from tests.browser.echo import Room, progress

pytestmark = pytest.mark.asyncio(loop_scope="module")


# A tap in a tab that lies behind another, where a real finger would have been a moment before.
TAP = "label => [...document.querySelectorAll('button')].find(button => button.textContent === label)?.click()"


async def write(page: Page, text: str) -> None:
    """Write and send."""
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


async def bubbles(page: Page) -> list[str]:
    """All that stands in the talk, from the top."""
    return [text.strip() for text in await page.get_by_role("article").all_inner_texts()]


def said(room: Room) -> list[str]:
    """What the desk heard, without the greetings."""
    return [heard.tap or heard.text for heard in room.heard if heard.text != "/start" and not heard.start]


async def somebody(room: Room) -> Address:
    """The one who talked last."""
    return room.heard[-1].sender


async def test_a_newcomer_sees_the_first_screen_without_doing_anything(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await expect(page.get_by_role("heading", level=2)).to_have_text("Công đoàn muốn nghe anh/chị")
    await expect(page.locator("#banner")).to_have_text("Bản tập dượt · ngày 06/01/2020")
    assert [heard.text for heard in room.heard] == ["/start"]
    assert phone.complaints == []


async def test_an_invitation_is_handed_over_once(phone: Phone, room: Room) -> None:
    page = await phone.tab("/join/Moi_vao-123")
    await expect(page).to_have_url(phone.url + "/")
    await page.reload()
    await expect(page.get_by_role("article")).to_have_count(1)
    assert [(heard.start, heard.text) for heard in room.heard] == [("Moi_vao-123", "")]


async def test_the_page_reads_well_aloud(phone: Phone) -> None:
    page = await phone.tab()
    await page.get_by_role("button", name="Đồng ý tham gia").click()
    await expect(page.get_by_text("Câu 3/12")).to_be_visible()
    await page.get_by_role("button", name="Tạm được").click()
    await page.get_by_role("button", name="Bữa ăn ca").click()
    await expect(page.get_by_role("button", name="Xong (1)")).to_be_visible()
    await expect(page.locator("body")).to_match_aria_snapshot("""
      - banner:
        - heading "Lắng Nghe" [level=1]
        - paragraph: Liên đoàn Lao động tỉnh Sơn La
      - paragraph: Bản tập dượt · ngày 06/01/2020
      - log "Cuộc trò chuyện":
        - article:
          - heading "Việc làm và đời sống" [level=2]
          - paragraph: /^Câu 4\\/12 ·$/
          - paragraph: Điều gì làm anh/chị lo nhất? Xin chọn nhiều nhất 3 điều.
          - button "Tiền lương"
          - button "Giờ làm thêm"
          - button "Bữa ăn ca" [pressed]
          - button "Nhà trẻ cho con công nhân"
          - button "An toàn lao động"
          - button "Xong (1)"
          - button "‹ Quay lại"
          - button "Bỏ qua"
          - button "Dừng"
      - text: Tin nhắn của anh/chị
      - textbox "Tin nhắn của anh/chị"
      - button "Gửi"
    """)


async def test_the_tongue_of_the_page_follows_the_talk(phone: Phone) -> None:
    page = await phone.tab()
    await write(page, "english")
    await expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    assert await page.get_by_role("article").last.get_attribute("lang") == "en"
    assert await page.get_by_role("article").first.get_attribute("lang") == "vi"


async def test_a_tap_is_answered_in_place_and_typed_words_below(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await page.get_by_role("button", name="Đồng ý tham gia").click()
    await expect(page.get_by_text("Câu 3/12")).to_be_visible()
    assert len(await bubbles(page)) == 1
    await write(page, "several")
    await expect(page.get_by_text("Câu 4/12")).to_be_visible()
    assert len(await bubbles(page)) == 3
    await expect(page.get_by_role("button", name="Tạm được")).to_have_count(0)
    assert room.heard[1].screen == "1"


async def test_a_double_click_is_one_tap(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await page.get_by_role("button", name="Đồng ý tham gia").dblclick()
    await expect(page.get_by_text("Câu 3/12")).to_be_visible()
    await write(page, "several")
    await expect(page.get_by_text("Câu 4/12")).to_be_visible()
    await page.get_by_role("button", name="An toàn lao động").dblclick()
    await expect(page.get_by_role("button", name="An toàn lao động", pressed=True)).to_be_visible()
    assert said(room) == ["ok.yes", "several", "more.5"]


async def test_ticks_may_follow_each_other_faster_than_the_line(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await write(page, "several")
    await expect(page.get_by_text("Câu 4/12")).to_be_visible()
    await page.route("**/chat/say", slowly)
    for name in ("Tiền lương", "Bữa ăn ca", "Giờ làm thêm"):
        await page.get_by_role("button", name=name).click()
        await expect(page.get_by_role("button", name=name, pressed=True)).to_be_visible(timeout=250)
    await page.get_by_role("button", name="Xong").click()
    await expect(page.get_by_text("Câu 3/12")).to_be_visible()
    assert said(room) == ["several", "more.1", "more.3", "more.2", "ok.done"]
    assert len(await bubbles(page)) == 3


async def test_a_tick_on_a_long_list_moves_nothing(phone: Phone) -> None:
    page = await phone.tab()
    await page.set_viewport_size({"width": 320, "height": 480})
    await write(page, "several")
    await expect(page.get_by_text("Câu 4/12")).to_be_in_viewport()
    await page.get_by_role("button", name="Bữa ăn ca").scroll_into_view_if_needed()
    before = await page.get_by_role("log").evaluate("log => log.scrollTop")
    await page.get_by_role("button", name="Bữa ăn ca").click()
    await expect(page.get_by_role("button", name="Xong (1)")).to_be_visible()
    await page.wait_for_timeout(200)
    assert await page.get_by_role("log").evaluate("log => log.scrollTop") == pytest.approx(before, abs=2)
    await page.get_by_role("button", name="Xong (1)").click()
    await expect(page.get_by_text("Câu 3/12")).to_be_in_viewport()
    assert await page.evaluate("document.scrollingElement.scrollTop") == 0
    assert await page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


async def slowly(route: Route) -> None:
    """A line on which everything takes its time."""
    await asyncio.sleep(0.3)
    await route.continue_()


async def test_a_reload_keeps_the_talk_and_doubles_nothing(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await write(page, "Ca đêm không có canh nóng")
    await expect(page.get_by_text("Đã nghe: Ca đêm")).to_be_visible()
    await page.get_by_role("textbox").fill("viết dở")
    before = await bubbles(page)
    for _ in range(3):
        await page.reload()
        await expect(page.get_by_text("Đã nghe: Ca đêm")).to_be_visible()
    await page.wait_for_timeout(500)
    assert await bubbles(page) == before
    await expect(page.get_by_role("textbox")).to_have_value("viết dở")
    assert said(room) == ["Ca đêm không có canh nóng"]


async def test_a_reload_before_the_acknowledgement_doubles_nothing(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await page.route("**/chat/seen", lambda route: route.abort())
    to = await somebody(room)
    room.put(Outbound(to, "Tin từ Công đoàn"))
    await expect(page.get_by_text("Tin từ Công đoàn")).to_be_visible()
    await page.reload()
    await page.wait_for_timeout(700)  # what was not acknowledged comes again in this time
    await expect(page.get_by_text("Tin từ Công đoàn")).to_have_count(1)
    await page.unroute("**/chat/seen")
    await write(page, "đã đọc")
    await expect(page.get_by_text("Đã nghe: đã đọc")).to_be_visible()
    await page.wait_for_timeout(200)
    assert [row for row in room.rows[to] if row[1].text == "Tin từ Công đoàn"] == []


async def test_what_comes_while_the_line_is_cut_comes_later(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    to = await somebody(room)
    await phone.context.set_offline(True)
    room.put(Outbound(to, "Tin một"))
    await write(page, "gửi lúc mất mạng")
    await expect(page.get_by_text("Chưa gửi được, đang thử lại…")).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("Đang mất kết nối")
    await page.wait_for_timeout(500)
    room.put(Outbound(to, "Tin hai"))
    await phone.context.set_offline(False)
    for text in ("Tin một", "Tin hai", "Đã nghe: gửi lúc mất mạng"):
        await expect(page.get_by_text(text)).to_have_count(1)
    await expect(page.get_by_role("status")).to_be_hidden()
    assert said(room) == ["gửi lúc mất mạng"]


async def test_a_restart_of_the_server_loses_nothing(phone: Phone, room: Room, site: Site) -> None:
    page = await phone.tab()
    await site.stop()
    await write(page, "trong lúc khởi động lại")
    await write(page, "và thêm một điều")
    await expect(page.get_by_text("Chưa gửi được").first).to_be_visible()
    await page.wait_for_timeout(500)
    await site.start()
    await expect(page.get_by_text("Đã nghe: và thêm một điều")).to_be_visible()
    assert said(room) == ["trong lúc khởi động lại", "và thêm một điều"]


async def test_an_answer_lost_on_the_way_back_is_not_sent_as_a_second_one(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost > 2:
            return await route.continue_()
        await route.fetch()
        return await route.abort()

    await page.route("**/chat/say", lose)
    await write(page, "chỉ một lần")
    await expect(page.get_by_text("Đã nghe: chỉ một lần")).to_be_visible()
    await expect(page.get_by_text("Chưa gửi được")).to_be_hidden()
    assert said(room) == ["chỉ một lần"]
    assert len(await bubbles(page)) == 3


async def test_a_database_that_is_away_is_waited_for(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    room.down = True
    await write(page, "đợi giúp")
    await expect(page.get_by_text("Chưa gửi được")).to_be_visible()
    room.down = False
    await expect(page.get_by_text("Đã nghe: đợi giúp")).to_be_visible(timeout=9000)  # it was asked to come back in 5 s
    assert said(room) == ["đợi giúp"]


async def test_a_reload_takes_along_what_was_not_sent(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await page.route("**/chat/say", lambda route: route.abort())
    await write(page, "còn nằm trong máy")
    await expect(page.get_by_text("Chưa gửi được")).to_be_visible()
    await page.unroute("**/chat/say")
    await page.reload()
    await expect(page.get_by_text("Đã nghe: còn nằm trong máy")).to_be_visible()
    await expect(page.get_by_text("còn nằm trong máy", exact=True)).to_have_count(1)
    assert said(room) == ["còn nằm trong máy"]


async def test_two_tabs_show_the_same_messages(phone: Phone, room: Room) -> None:
    first = await phone.tab()
    second = await phone.tab()
    await expect(second.get_by_role("article")).to_have_count(1)
    await write(first, "từ thẻ một")
    for page in (first, second):
        await expect(page.get_by_text("Đã nghe: từ thẻ một")).to_have_count(1)
    room.put(progress(await somebody(room)))
    for page in (first, second):
        await expect(page.get_by_text("Câu 3/12")).to_have_count(1)
    await asyncio.gather(*(page.evaluate(TAP, "Tạm được") for page in (first, second)))
    for page in (first, second):
        await expect(page.get_by_text("Câu 4/12").last).to_be_visible()


async def test_a_message_that_another_tab_acknowledged_reaches_this_one(phone: Phone, room: Room) -> None:
    first = await phone.tab()
    second = await phone.tab()
    await second.route("**/chat/events", lambda route: route.abort())
    await second.route("**/chat/seen", lambda route: route.abort())
    await second.reload()
    to = await somebody(room)
    room.put(Outbound(to, "Chỉ thẻ một nhận"))
    for page in (first, second):
        await expect(page.get_by_text("Chỉ thẻ một nhận")).to_have_count(1)
    phone.complaints.clear()


async def test_without_a_stream_the_talk_goes_on(phone: Phone, room: Room) -> None:
    page = await phone.context.new_page()
    await page.route("**/chat/events", lambda route: route.abort())
    await page.goto(phone.url)
    await expect(page.get_by_role("heading", level=2)).to_be_visible(timeout=15000)
    await write(page, "qua proxy chặn luồng")
    await expect(page.get_by_text("Đã nghe: qua proxy chặn luồng")).to_be_visible()
    await expect(page.get_by_role("status")).to_be_hidden()


async def test_forget_wipes_the_page(phone: Phone) -> None:
    page = await phone.tab()
    await write(page, "điều riêng tư")
    await expect(page.get_by_text("Đã nghe: điều riêng tư")).to_be_visible()
    await write(page, "forget")
    await expect(page.get_by_text("Đã xóa.")).to_be_visible()
    await expect(page.get_by_text("điều riêng tư")).to_have_count(0)
    await page.wait_for_timeout(300)
    assert "riêng tư" not in await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


async def test_everything_works_by_keyboard(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    await page.keyboard.press("Tab")  # the talk itself, which the arrows scroll
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("Tab")  # the link in the text
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Đồng ý tham gia")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Câu 3/12")).to_be_visible()
    await expect(page.get_by_role("article")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Rất tốt")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("Câu 4/12")).to_be_visible()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    ticked = page.get_by_role("button", name="Giờ làm thêm", pressed=True)
    await expect(ticked).to_be_focused()
    await page.get_by_role("textbox").focus()
    await page.keyboard.type("dòng một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dòng hai")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Đã nghe: dòng một")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_be_focused()
    assert said(room)[-1] == "dòng một\ndòng hai"


async def test_a_chart_has_words(phone: Phone) -> None:
    page = await phone.tab()
    await write(page, "chart")
    await expect(page.get_by_role("img")).to_have_attribute(
        "alt", "Biểu đồ: tiền lương 42 %, giờ làm thêm 31 %, bữa ăn ca 27 %; 38 người trả lời"
    )
    assert await page.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 640


async def test_words_are_never_markup(phone: Phone) -> None:
    page = await phone.tab()
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) https://e.example/<b>"
    await write(page, nasty)
    await expect(page.get_by_text("Đã nghe: <img src=x onerror=alert(1)><script>alert(2)</script>")).to_be_visible()
    assert await page.locator("main img, main script, main b").count() == 0
    assert await page.locator("main a").last.get_attribute("href") == "https://e.example/"


async def test_a_very_long_answer_is_counted_and_kept_whole(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    text = "ngày dài quá " * 320
    await page.get_by_role("textbox").fill(text)
    await expect(page.locator("#length")).to_have_text(f"{len(text)} / 4000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Đã nghe")).to_be_visible()
    assert said(room) == [text.strip()]
    await write(page, "ư" * 40000)
    await expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
    phone.complaints.clear()


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nothing_is_cut_and_fingers_find_it(phone: Phone, width: int, shots: Path) -> None:
    page = await phone.tab()
    await page.set_viewport_size({"width": width, "height": 740})
    await write(page, "several")
    await expect(page.get_by_text("Câu 4/12")).to_be_visible()
    await page.screenshot(path=shots / f"several-{width}.png")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in await page.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


async def test_the_whole_page_weighs_little(phone: Phone) -> None:
    page = await phone.context.new_page()
    weights: list[int] = []

    async def weigh(response: Response) -> None:
        if "/chat/" not in response.url:
            sizes = await response.request.sizes()
            weights.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("response", weigh)
    await page.goto(phone.url)
    await page.get_by_role("article").first.wait_for()
    assert len(weights) >= 7
    assert sum(weights) < 30_000
