"""What was published in another site's frame, and on an electronic panel that hangs there for months."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
import resvg_py
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from locales.formats import VIETNAM
from models.database import open_engine
from models.joining import make_link
from models.tables import metadata
from tests.bot.channels.web_house import WebHouse, web_house
from tests.publishing import content
from tests.transcripts.house import CAMPAIGN, plant
from tests.transcripts.stage import OPENING

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = (
    "Liên đoàn Lao động tỉnh tổ chức “Tháng Công nhân” năm 2020, hướng tới đại hội đảng bộ các cấp: thăm hỏi, tặng quà"
)
TEXT = (
    "Ban Thường vụ Liên đoàn Lao động tỉnh đề nghị công đoàn các cấp phổ biến nội dung sau tới toàn thể đoàn viên.\n\n"
    "Một là, tổ chức thảo luận các dự thảo văn kiện tại đơn vị.\nHai là, ghi lại đầy đủ ý kiến của đoàn viên.\n\n"
    "Xem thêm tại https://congdoan.example/van-kien/du-thao-bao-cao-chinh-tri-nhiem-ky-2020-2025?trang=1."
)
SIZES = [(1920, 1080), (1080, 1920), (1024, 768), (360, 740), (280, 500), (740, 360)]
SLOGANS = [slogan.text for slogan in CAMPAIGN.slogans]
# Whether all words stand whole on the screen: within their room, and their room within the screen.
WHOLE = """() => [...document.querySelectorAll('.card.shown')].map(card => {
    const words = card.querySelector('.words').getBoundingClientRect();
    const room = card.querySelector('.room').getBoundingClientRect();
    const below = card.querySelector('.below').getBoundingClientRect();
    const join = document.getElementById('join').getBoundingClientRect();
    return words.top >= room.top - .5 && words.bottom <= room.bottom + .5
        && words.left >= room.left - .5 && words.right <= room.right + .5
        && room.bottom <= below.top + .5 && below.bottom <= innerHeight
        && (!join.width || (join.bottom <= innerHeight && join.right <= innerWidth && room.bottom <= join.top + .5))
        && document.documentElement.scrollWidth <= innerWidth
        && document.documentElement.scrollHeight <= innerHeight;
}).every(Boolean)"""


@pytest_asyncio.fixture(loop_scope="module")
async def house(tmp_path: Path) -> AsyncIterator[WebHouse]:
    await plant(tmp_path, CAMPAIGN)
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/house.db")
    async with engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
    async with web_house(engine, tmp_path) as opened:
        yield opened
    await engine.dispose()


@dataclass(slots=True)
class Glass:
    """A screen somewhere, and what went wrong on it."""

    context: BrowserContext
    url: str
    complaints: list[str]

    async def look(self, path: str, size: tuple[int, int], *, clock: bool = False) -> Page:
        """Open a page in a size; with `clock` its time is turned by hand."""
        page = await self.context.new_page()
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(f"Error: {error}"))
        if clock:
            await page.clock.install()
        await page.goto(path if "://" in path else self.url + path)
        await page.evaluate("document.fonts.ready")
        return page


@pytest_asyncio.fixture(loop_scope="module")
async def glass(chromium: Browser, house: WebHouse) -> AsyncIterator[Glass]:
    context = await chromium.new_context(locale="vi-VN")
    context.set_default_timeout(8000)
    glass = Glass(context, house.url, [])
    yield glass
    await context.close()
    assert [text for text in glass.complaints if "Content Security Policy" in text or "Error:" in text] == []


PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="1280" height="720" fill="#0b3f7d"/>'
    '<circle cx="640" cy="360" r="240" fill="#f2c14e"/></svg>'
)


async def test_a_post_with_a_picture_and_a_file(house: WebHouse, glass: Glass, shots: Path) -> None:
    png = bytes(resvg_py.svg_to_bytes(svg_string=PICTURE))
    picture = await house.do(house.press.keep, "image/png", "anh.png", png)
    file = await house.do(house.press.keep, "application/pdf", "Kế hoạch 136.pdf", b"%PDF-1.7\n%%EOF\n")
    alt = "Đoàn viên thảo luận dự thảo"
    id = await house.do(house.press.publish, content(LONG, TEXT, picture=picture, picture_alt=alt, document=file))
    page = await glass.look(f"/post/{id}", (360, 740))
    assert await page.get_by_alt_text(alt).evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280
    await expect(page.get_by_role("link", name="Tệp kèm theo: Kế hoạch 136.pdf")).to_have_attribute(
        "href", f"/media/{file}"
    )
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.screenshot(path=shots / "pictured.png", full_page=True)


async def news(house: WebHouse, count: int = 3) -> None:
    for number in range(count):
        await house.do(house.press.publish, content(LONG if number % 2 else f"Tin số {number}", TEXT))


def words(page: Page) -> str:
    return "document.querySelector('.card.shown .words').textContent.replaceAll('\\n', ' ')"


async def test_a_block_in_the_frame_of_another_site(house: WebHouse, glass: Glass, shots: Path) -> None:
    await news(house, 7)
    slogan = {"slogan": "kh-1", "topic": "", "verbatim": True}
    await house.do(house.press.publish, content("Khẩu hiệu tuyên truyền", SLOGANS[0], **slogan))
    frame = (
        f'<body style="margin:0"><iframe src="{house.url}/block" width="100%" height="900" style="border:0"></iframe>'
    )

    async def other(_request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html>{frame}", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", other)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        page = await glass.look(f"http://localhost:{runner.addresses[0][1]}/", (360, 900))
        inside = page.frame_locator("iframe")
        await expect(inside.get_by_role("article")).to_have_count(5)
        await page.screenshot(path=shots / "framed.png")
        await inside.get_by_role("link", name=LONG).first.click()
        await page.wait_for_url("**/post/*")
        await expect(page.get_by_role("heading", level=2)).to_have_text(LONG)
    finally:
        await runner.cleanup()
    assert await page.context.cookies() == []


@pytest.mark.parametrize("width", [280, 360, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_block_and_post_fit_every_width(
    house: WebHouse, glass: Glass, shots: Path, width: int, scheme: str
) -> None:
    await news(house, 3)
    for path in ("/block", "/post/2", "/post/99", "/block?before=1"):
        page = await glass.look(path, (width, 740))
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        name = path.strip("/").replace("/", "-").replace("?", "-")
        await page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
        await page.close()
    glass.complaints.clear()  # a page that is not there is an error to the console


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("size", SIZES)
async def test_a_panel_of_any_shape_shows_every_word(
    house: WebHouse, glass: Glass, shots: Path, size: tuple[int, int], joined: bool
) -> None:
    await news(house)
    if joined:
        root = (await house.do(lambda conn: house.house.tree(conn, OPENING.date()))).roots[0]
        await house.do(make_link, root.id, OPENING)
    page = await glass.look("/board", size, clock=True)
    await page.emulate_media(reduced_motion="reduce")
    assert await page.locator("#join").is_visible() == joined
    seen = set()
    for turn in range(18):
        assert await page.evaluate(WHOLE), await page.evaluate(words(page))
        if turn < 5:
            await page.screenshot(path=shots / f"board-{size[0]}x{size[1]}-{joined}-{turn}.png")
        seen.add(await page.evaluate(words(page)))
        await page.clock.run_for(12000)
    assert seen == {*SLOGANS, LONG, "Tin số 0", "Tin số 2"}
    await page.close()


async def test_a_panel_goes_on_for_hours_and_grows_by_nothing(house: WebHouse, glass: Glass) -> None:
    await news(house)
    page = await glass.look("/board", (1920, 1080), clock=True)
    session = await glass.context.new_cdp_session(page)
    await session.send("Performance.enable")
    loads = 0

    def count(_frame: object) -> None:
        nonlocal loads
        loads += 1

    page.on("framenavigated", count)
    weights = []
    for _ in range(4):
        await page.clock.run_for(12000 * 100)
        await session.send("HeapProfiler.collectGarbage")
        told = (await session.send("Performance.getMetrics"))["metrics"]
        figures = {each["name"]: each["value"] for each in told}
        weights.append((figures["JSHeapUsedSize"], figures["Nodes"], figures["JSEventListeners"]))
    first, last = weights[1], weights[-1]
    assert last[0] < first[0] * 1.1
    assert last[1] < first[1] + 30  # some nodes of the last turn may wait to be collected
    assert last[2] == first[2]
    assert loads == 0
    assert await page.evaluate("document.querySelectorAll('.card').length") == 2


async def test_a_panel_goes_on_without_a_network_and_takes_up_what_came_meanwhile(
    house: WebHouse, glass: Glass
) -> None:
    page = await glass.look("/board", (1920, 1080), clock=True)
    asked = list[str]()

    async def nobody(route: Route) -> None:
        asked.append(route.request.url)
        await route.abort()

    async def somebody_else(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="<h1>Đăng nhập Wi-Fi</h1>")

    await page.route("**/*", nobody)
    seen = set()
    for _ in range(60):  # two days, three minutes of every hour
        await page.clock.fast_forward(47 * 60_000)
        await page.clock.run_for(12000)
        seen.add(await page.evaluate(words(page)))
    assert asked
    assert set(asked) == {f"{house.url}/board.json"}
    assert seen == set(SLOGANS)
    await page.unroute("**/*")
    await page.route("**/board.json", somebody_else)
    await page.clock.run_for(120_000)
    await page.unroute("**/board.json")
    id = await house.do(house.press.publish, content("Tin vừa đăng"))
    await _until(page, "Tin vừa đăng")
    await house.do(house.press.cancel, id)
    await page.clock.run_for(60_000)
    await page.wait_for_timeout(300)
    for _ in range(10):
        await page.clock.run_for(12000)
        assert await page.evaluate(words(page)) != "Tin vừa đăng"
    glass.complaints.clear()


async def test_another_day_brings_other_slogans_without_a_reload(house: WebHouse, glass: Glass) -> None:
    page = await glass.look("/board", (1920, 1080), clock=True)
    await page.evaluate("window.same = true")
    house.press.at = datetime(2021, 2, 3, 0, 0, 30, tzinfo=VIETNAM)
    await page.clock.run_for(60_000)
    await page.wait_for_timeout(300)
    seen = set()
    for _ in range(12):
        await page.clock.run_for(12000)
        seen.add(await page.evaluate(words(page)))
    assert seen == {slogan.text for slogan in CAMPAIGN.slogans if slogan.scope == "chung"}
    assert await page.evaluate("window.same")


async def _until(page: Page, wanted: str) -> None:
    for _ in range(40):
        await page.clock.run_for(12000)
        await page.wait_for_timeout(50)
        if await page.evaluate(words(page)) == wanted:
            return
    pytest.fail(f"{wanted} was not shown")


async def test_a_panel_moves_nothing_where_that_is_not_wanted(glass: Glass) -> None:
    page = await glass.look("/board", (1920, 1080))
    moves = "getComputedStyle(document.querySelector('.card')).transitionDuration"
    assert await page.evaluate(moves) == "1.6s"
    await page.emulate_media(reduced_motion="reduce")
    assert await page.evaluate(moves) == "0s"
    assert await page.evaluate("getComputedStyle(document.body).cursor") == "none"


async def test_a_panel_tells_of_a_rehearsal(house: WebHouse, glass: Glass, shots: Path) -> None:
    house.house.rehearsal = True
    page = await glass.look("/board", (1920, 1080))
    await expect(page.get_by_text("DIỄN TẬP")).to_be_visible()
    assert await page.evaluate(WHOLE)
    await page.wait_for_timeout(1800)
    await page.screenshot(path=shots / "board-rehearsal.png")
